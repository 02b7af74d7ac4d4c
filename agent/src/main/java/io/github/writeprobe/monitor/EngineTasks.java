package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.trace.MountCallTrace;
import io.github.writeprobe.probing.ProbeSettings;
import io.github.writeprobe.probing.Witnesses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one engine's slow tasks, each on its own thread: requests to the engine, and probes. Each
/// task ends with one message, also if it fails.
final class EngineTasks {
    private static final Logger LOG = LoggerFactory.getLogger(EngineTasks.class);

    /// The number of concurrent requests to one engine, without probes. The start of a thousand
    /// containers must not cause a thousand connections.
    private static final int MAX_CALLS = 8;

    /// A few threads keep the processors busy. A container that hangs blocks one of them until the
    /// time-out, together with the containers that wait for the same thread.
    private static final int MAX_RECHECKS = 8;

    /// Usually some ten microseconds. If there are more mount calls than can be read, the results
    /// do not wait for them.
    private static final Duration MOUNT_CALLS_TIMEOUT = Duration.ofMillis(20);

    private static final String CANCELLED = "the request was cancelled";

    private final EngineKey key;
    private final Engine engine;
    private final Consumer<MonitorMessage> receiver;
    private final LongSupplier nanos;
    private final Optional<MountCallTrace> mountCalls;
    private final EventSubscription subscription;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Map<ContainerKey, Thread> probes = new ConcurrentHashMap<>();
    private final Semaphore rechecks = new Semaphore(MAX_RECHECKS, true);
    private final Semaphore calls = new Semaphore(MAX_CALLS, true);
    private Optional<Thread> subscribed = Optional.empty();
    private volatile Optional<Witnesses> witnesses = Optional.empty();

    EngineTasks(
            EngineKey key,
            Engine engine,
            Consumer<MonitorMessage> receiver,
            LongSupplier nanos,
            Optional<MountCallTrace> mountCalls) {
        this.mountCalls = mountCalls;
        this.key = key;
        this.engine = engine;
        this.receiver = receiver;
        this.nanos = nanos;
        this.subscription = new EventSubscription(key, engine, receiver, nanos);
    }

    /// A task that runs on its own thread.
    private interface Task {
        MonitorMessage run() throws EngineUnavailable, InterruptedException;
    }

    EngineKey key() {
        return key;
    }

    /// Sets how to probe from now on.
    void probe(ProbeSettings probing, ProcfsWitness procfs) {
        witnesses = Optional.of(new Witnesses(probing, engine, procfs));
    }

    void subscribe() {
        MonitorMessage cancelled = new MonitorMessage.SubscriptionEnded(key, Optional.empty());
        subscribed = Optional.of(start("events " + key.host(), cancelled, subscription::run));
    }

    void unsubscribe() {
        subscribed.ifPresent(Thread::interrupt);
    }

    void list() {
        long requestedAt = nanos.getAsLong();
        Witnesses now = witnesses.orElseThrow();
        start(
                "list",
                new MonitorMessage.ListFailed(key, CANCELLED),
                () -> {
                    try {
                        now.removeStaleResources();
                        return new MonitorMessage.Listed(key, engine.list(Map.of()), requestedAt);
                    } catch (EngineUnavailable e) {
                        return new MonitorMessage.ListFailed(key, e.line());
                    }
                });
    }

    void inspect(ContainerKey container) {
        start(
                "inspect",
                new MonitorMessage.InspectFailed(container, CANCELLED),
                () -> {
                    calls.acquire();
                    try {
                        return new MonitorMessage.Inspected(
                                container, engine.inspect(container.id()));
                    } catch (EngineUnavailable e) {
                        return new MonitorMessage.InspectFailed(container, e.line());
                    } finally {
                        calls.release();
                    }
                });
    }

    void probe(ProbeRequest request) {
        Witnesses now = witnesses.orElseThrow();
        Thread thread =
                start(
                        "probe",
                        new MonitorMessage.Probed(request, Optional.empty()),
                        () -> {
                            Witnesses.WitnessResults results =
                                    now.probe(request.declared(), request.paths());
                            awaitMountCalls();
                            return new MonitorMessage.Probed(request, Optional.of(results));
                        });
        probes.put(request.key(), thread);
        probes.values().removeIf(other -> !other.isAlive());
    }

    void cancelProbe(ContainerKey container) {
        Optional.ofNullable(probes.get(container)).ifPresent(Thread::interrupt);
    }

    void recheck(List<ProbeRequest> requests) {
        Witnesses now = witnesses.orElseThrow();
        start(
                "recheck",
                new MonitorMessage.Rechecked(
                        key,
                        requests.stream()
                                .map(r -> new MonitorMessage.RecheckResult(r, List.of()))
                                .toList()),
                () -> {
                    rechecks.acquire();
                    try {
                        return recheckAll(now, requests);
                    } finally {
                        rechecks.release();
                    }
                });
    }

    private MonitorMessage recheckAll(Witnesses now, List<ProbeRequest> requests)
            throws InterruptedException {
        List<List<ProbeResult>> found =
                now.recheck(
                        requests.stream()
                                .map(r -> new Witnesses.ProbeTarget(r.declared(), r.paths()))
                                .toList());
        awaitMountCalls();
        return new MonitorMessage.Rechecked(
                key,
                IntStream.range(0, requests.size())
                        .mapToObj(i ->
                                new MonitorMessage.RecheckResult(requests.get(i), found.get(i)))
                        .toList());
    }

    /// The state machine may look up who made a change that the results have.
    private void awaitMountCalls() throws InterruptedException {
        if (mountCalls.isPresent()) {
            mountCalls.get().await(MOUNT_CALLS_TIMEOUT);
        }
    }

    private Thread start(String name, MonitorMessage cancelled, Task task) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            MonitorMessage message = cancelled;
                            try {
                                message = task.run();
                            } catch (EngineUnavailable | InterruptedException e) {
                                // The message reports it.
                            } catch (RuntimeException | Error e) {
                                LOG.atError().setCause(e).log("unexpected error; please report it");
                            } finally {
                                receiver.accept(message);
                                running.remove(Thread.currentThread());
                            }
                        });
        running.add(thread);
        thread.start();
        return thread;
    }

    /// Cancels all tasks, and closes the engine when they have ended.
    ///
    /// @return whether they ended in time
    boolean close(Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        cancelAll();
        for (Thread thread : running) {
            thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
        boolean ended = running.isEmpty();
        engine.close();
        return ended;
    }

    void cancelAll() {
        running.forEach(Thread::interrupt);
    }
}
