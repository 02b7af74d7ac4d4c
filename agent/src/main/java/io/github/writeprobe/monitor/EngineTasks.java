package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.probes.ProbeResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What takes time, each on a thread of its own; the outcome comes as a message.
final class EngineTasks {
    private static final Logger LOG = LoggerFactory.getLogger(EngineTasks.class);

    /// Calls to one engine at once, besides probes. Starting a thousand containers must not become
    /// a thousand connections.
    private static final int CALLS = 8;

    /// Of these, few keep the processors busy; a container that hangs holds up one of them for its
    /// time-out, and whoever stands in line with it.
    private static final int GLANCES = 8;

    private final BlockingQueue<Message> mailbox;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Semaphore glances = new Semaphore(GLANCES, true);
    private final Semaphore calls = new Semaphore(CALLS, true);

    EngineTasks(BlockingQueue<Message> mailbox) {
        this.mailbox = mailbox;
    }

    /// What is done on another thread.
    private interface Work {
        Message outcome() throws EngineUnavailable, InterruptedException;
    }

    void list(EngineMonitor roster, Engine engine, Witnesses witnesses) {
        long asked = System.nanoTime();
        Message broken = new Message.NotListed(roster, "it was called off");
        start(
                broken,
                () -> {
                    try {
                        witnesses.sweep();
                        return new Message.Listed(roster, engine.list(Map.of()), asked);
                    } catch (EngineUnavailable e) {
                        return new Message.NotListed(roster, e.line());
                    }
                });
    }

    void inspect(EngineMonitor roster, Engine engine, TrackedContainer container) {
        start(
                new Message.NotInspected(roster, container, "it was called off"),
                () -> {
                    calls.acquire();
                    try {
                        return new Message.Inspected(
                                roster, container, engine.inspect(container.id()));
                    } catch (EngineUnavailable e) {
                        return new Message.NotInspected(roster, container, e.line());
                    } finally {
                        calls.release();
                    }
                });
    }

    /// @return the way to call it off; its message comes nonetheless
    Runnable probe(
            EngineMonitor roster,
            Witnesses witnesses,
            TrackedContainer container,
            ProbeRequest probe) {
        return start(
                        new Message.Probed(roster, container, probe, Optional.empty()),
                        () -> {
                            Witnesses.Heard said =
                                    witnesses.testimonies(probe.container(), probe.paths());
                            return new Message.Probed(roster, container, probe, Optional.of(said));
                        })
                ::interrupt;
    }

    /// @param these to be asked about, in turn
    void glance(EngineMonitor roster, Witnesses witnesses, List<Message.KernelRecheck> these) {
        start(
                new Message.KernelRechecked(roster, these),
                () -> {
                    glances.acquire();
                    try {
                        return new Message.KernelRechecked(roster, glanced(witnesses, these));
                    } finally {
                        glances.release();
                    }
                });
    }

    private static List<Message.KernelRecheck> glanced(
            Witnesses witnesses, List<Message.KernelRecheck> these) throws InterruptedException {
        List<List<ProbeResult>> said =
                witnesses.glance(
                        these.stream()
                                .map(g ->
                                        new Witnesses.Question(
                                                g.probe().container(), g.probe().paths()))
                                .toList());
        return IntStream.range(0, these.size())
                .mapToObj(i ->
                        new Message.KernelRecheck(
                                these.get(i).container(), these.get(i).probe(), said.get(i)))
                .toList();
    }

    /// Every errand ends with one message, whatever becomes of it.
    private Thread start(Message broken, Work work) {
        Thread thread =
                Thread.ofVirtual()
                        .name("errand")
                        .unstarted(() -> {
                            Message message = broken;
                            try {
                                message = work.outcome();
                            } catch (EngineUnavailable | InterruptedException e) {
                                // The message says so.
                            } catch (RuntimeException | Error e) {
                                LOG.atError()
                                        .setCause(e)
                                        .log("this should not have happened, please report it");
                            } finally {
                                mailbox.add(message);
                                running.remove(Thread.currentThread());
                            }
                        });
        running.add(thread);
        thread.start();
        return thread;
    }

    /// Calls everything off, and waits for it to end.
    ///
    /// @return whether it did in time
    boolean close(Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        running.forEach(Thread::interrupt);
        for (Thread thread : running) {
            thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
        return running.isEmpty();
    }
}
