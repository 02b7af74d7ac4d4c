package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.trace.MountCallTrace;
import io.github.writeprobe.probing.ProbeSettings;
import io.github.writeprobe.probing.WitnessRunner;
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
    private final Consumer<MonitorInput> receiver;
    private final LongSupplier nanos;
    private final Optional<MountCallTrace> mountCalls;
    private final EventSubscription subscription;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Map<ContainerKey, Thread> probes = new ConcurrentHashMap<>();
    private final Semaphore rechecks = new Semaphore(MAX_RECHECKS, true);
    private final Semaphore calls = new Semaphore(MAX_CALLS, true);
    private Optional<Thread> subscribed = Optional.empty();
    private volatile Optional<WitnessRunner> witnesses = Optional.empty();

    EngineTasks(
            EngineKey key,
            Engine engine,
            Consumer<MonitorInput> receiver,
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
        MonitorInput run() throws EngineUnavailable, InterruptedException;
    }

    EngineKey key() {
        return key;
    }

    /// Sets how to probe from now on.
    void probe(ProbeSettings probing, ProcfsWitness procfs) {
        witnesses = Optional.of(new WitnessRunner(probing, engine, procfs));
    }

    void subscribe() {
        MonitorInput cancelled = new MonitorInput.SubscriptionEnded(key, Optional.empty());
        subscribed = Optional.of(start("events " + key.host(), cancelled, subscription::run));
    }

    void unsubscribe() {
        subscribed.ifPresent(Thread::interrupt);
    }

    void list() {
        long requestedAt = nanos.getAsLong();
        WitnessRunner now = witnesses.orElseThrow();
        start(
                "list",
                new MonitorInput.ListFailed(key, CANCELLED),
                () -> {
                    try {
                        now.removeStaleResources();
                        return new MonitorInput.Listed(key, engine.list(Map.of()), requestedAt);
                    } catch (EngineUnavailable e) {
                        return new MonitorInput.ListFailed(key, e.line());
                    }
                });
    }

    void inspect(ContainerKey container) {
        start(
                "inspect",
                new MonitorInput.InspectFailed(container, CANCELLED),
                () -> {
                    calls.acquire();
                    try {
                        return new MonitorInput.Inspected(
                                container, engine.inspect(container.id()));
                    } catch (EngineUnavailable e) {
                        return new MonitorInput.InspectFailed(container, e.line());
                    } finally {
                        calls.release();
                    }
                });
    }

    void probe(ProbeRequest request) {
        WitnessRunner now = witnesses.orElseThrow();
        Thread thread =
                start(
                        "probe",
                        new MonitorInput.Probed(request, Optional.empty()),
                        () -> {
                            WitnessRunner.WitnessResults results =
                                    now.probe(request.declared(), request.paths());
                            awaitMountCalls();
                            return new MonitorInput.Probed(request, Optional.of(results));
                        });
        probes.put(request.key(), thread);
        probes.values().removeIf(other -> !other.isAlive());
    }

    void cancelProbe(ContainerKey container) {
        Optional.ofNullable(probes.get(container)).ifPresent(Thread::interrupt);
    }

    void recheck(List<ProbeRequest> requests) {
        WitnessRunner now = witnesses.orElseThrow();
        start(
                "recheck",
                new MonitorInput.Rechecked(
                        key,
                        requests.stream()
                                .map(r -> new MonitorInput.RecheckResult(r, List.of()))
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

    private MonitorInput recheckAll(WitnessRunner now, List<ProbeRequest> requests)
            throws InterruptedException {
        List<List<ProbeResult>> found =
                now.recheck(
                        requests.stream()
                                .map(r -> new WitnessRunner.ProbeTarget(r.declared(), r.paths()))
                                .toList());
        awaitMountCalls();
        return new MonitorInput.Rechecked(
                key,
                IntStream.range(0, requests.size())
                        .mapToObj(
                                i -> new MonitorInput.RecheckResult(requests.get(i), found.get(i)))
                        .toList());
    }

    /// The state machine may look up who made a change that the results have.
    private void awaitMountCalls() throws InterruptedException {
        if (mountCalls.isPresent()) {
            mountCalls.get().await(MOUNT_CALLS_TIMEOUT);
        }
    }

    private Thread start(String name, MonitorInput cancelled, Task task) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            MonitorInput message = cancelled;
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
