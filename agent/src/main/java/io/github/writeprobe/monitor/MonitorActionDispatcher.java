package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.probes.procfs.MountWatch;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.trace.MountCallTrace;
import io.github.writeprobe.probes.trace.MountChange;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Executes the commands of the state machine with real engines and witnesses. The results come
/// back as messages. Its methods are called from the monitor's thread and do not block it.
final class MonitorActionDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorActionDispatcher.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final Map<EngineKey, EngineTasks> engines = new LinkedHashMap<>();
    private final ProcfsWitness procfs;
    private final Consumer<MonitorInput> receiver;
    private final LongSupplier nanos;
    private final Optional<MountWatch<ContainerKey>> mountWatch;
    private final Optional<MountCallTrace> calls;
    private long numbered;

    /// @param receiver of the messages, which come from any thread
    MonitorActionDispatcher(
            ProcfsWitness procfs,
            Optional<MountCallTrace> calls,
            Consumer<MonitorInput> receiver,
            LongSupplier nanos) {
        this.procfs = procfs;
        this.calls = calls;
        this.receiver = receiver;
        this.nanos = nanos;
        this.mountWatch = MountWatch.start(procfs, this::mountsChanged);
    }

    /// Called from the watch's thread.
    private void mountsChanged(ContainerKey container) {
        receiver.accept(new MonitorInput.MountsChanged(container, nanos.getAsLong()));
    }

    boolean isKernelReachable() {
        return procfs.unavailableReason().isEmpty();
    }

    /// Takes over these engines. If an engine with the same host is already open, that one is kept
    /// and the new one is closed.
    ///
    /// @return the keys of all given engines
    List<EngineKey> open(ProbeSettings probing, List<Engine> given) {
        List<EngineKey> keys = new ArrayList<>();
        for (Engine engine : given) {
            Optional<EngineTasks> known =
                    engines.values().stream()
                            .filter(tasks -> tasks.key().host().equals(engine.host()))
                            .findFirst();
            if (known.isPresent()) {
                known.get().probe(probing, procfs);
                keys.add(known.get().key());
                engine.close();
            } else {
                EngineKey key = new EngineKey(engine.host(), numbered++);
                EngineTasks tasks = new EngineTasks(key, engine, receiver, nanos, calls);
                tasks.probe(probing, procfs);
                engines.put(key, tasks);
                keys.add(key);
            }
        }
        return keys.stream().distinct().toList();
    }

    void execute(MonitorAction command) {
        switch (command) {
            case MonitorAction.Subscribe(var key) -> engine(key, EngineTasks::subscribe);
            case MonitorAction.Unsubscribe(var key) -> engine(key, EngineTasks::unsubscribe);
            case MonitorAction.ListContainers(var key) -> engine(key, EngineTasks::list);
            case MonitorAction.Inspect(var container) ->
                    engine(container.engine(), e -> e.inspect(container));
            case MonitorAction.Probe(var request) ->
                    engine(request.key().engine(), e -> e.probe(request));
            case MonitorAction.CancelProbe(var container) ->
                    engine(container.engine(), e -> e.cancelProbe(container));
            case MonitorAction.Recheck(var key, var requests) ->
                    engine(key, e -> e.recheck(requests));
            case MonitorAction.Disconnect(var key) -> disconnect(key);
            case MonitorAction.WatchMounts(var container, long pid) ->
                    mountWatch.ifPresent(w -> w.watch(pid, container.id(), container));
            case MonitorAction.UnwatchMounts(var container) ->
                    mountWatch.ifPresent(w -> w.unwatch(container));
        }
    }

    /// Who changed the mounts of a container: [MountActorLookup].
    Optional<MountActor> actor(
            ContainerKey container,
            long since,
            long until,
            OptionalLong reported,
            boolean followsOthers) {
        return calls.map(all ->
                new MountActor(
                        all.find(
                                new MountChange(
                                        mountWatch.flatMap(w -> w.namespaceOf(container)),
                                        since,
                                        until,
                                        reported,
                                        followsOthers)),
                        container.id()));
    }

    private void engine(EngineKey key, Consumer<EngineTasks> task) {
        Optional.ofNullable(engines.get(key)).ifPresent(task);
    }

    private void disconnect(EngineKey key) {
        EngineTasks tasks = engines.remove(key);
        if (tasks != null) {
            tasks.cancelAll();
            Thread.ofVirtual().start(() -> close(key, tasks, CLOSE_TIMEOUT));
        }
    }

    private static void close(EngineKey key, EngineTasks tasks, Duration limit) {
        try {
            if (!tasks.close(limit)) {
                LOG.atWarn()
                        .addKeyValue("engine", key.host())
                        .log("some probes did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Cancels all tasks, waits until they end, and closes the engines and the witness.
    void close() {
        mountWatch.ifPresent(MountWatch::close);
        calls.ifPresent(MountCallTrace::close);
        procfs.close();
        // Cancels all tasks before it waits for any of them.
        engines.values().forEach(EngineTasks::cancelAll);
        long until = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        engines.forEach((key, tasks) ->
                close(key, tasks, Duration.ofNanos(Math.max(1, until - System.nanoTime()))));
        engines.clear();
    }
}
