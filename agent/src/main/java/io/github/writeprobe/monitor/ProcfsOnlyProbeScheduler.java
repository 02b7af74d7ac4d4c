package io.github.writeprobe.monitor;

import io.github.writeprobe.probes.WitnessName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Probes with the `procfs` witness alone, which takes microseconds and leaves nothing behind:
/// every container that is not probed otherwise in a cycle, and a container whose mounts changed.
final class ProcfsOnlyProbeScheduler {
    /// The number of containers that one thread rechecks in turn. A separate thread for each
    /// container would cost half as much as the recheck itself, and more threads than processors
    /// only take them from each other.
    private static final int BATCH = 128;

    private final EngineKey engine;
    private final MonitorContext context;
    private final ProbeResultHandler resultHandler;
    private final CycleTracker cycle;

    ProcfsOnlyProbeScheduler(
            EngineKey engine, MonitorContext context, ProbeResultHandler resultHandler) {
        this.engine = engine;
        this.context = context;
        this.resultHandler = resultHandler;
        this.cycle =
                new CycleTracker(
                        context.time(),
                        took -> context.listener().cycleCompleted(WitnessName.PROCFS, took));
    }

    /// @param containers that are not probed in this cycle
    /// @param asksKernel whether the `procfs` witness is enabled and available
    void startCycle(Collection<TrackedContainer> containers, boolean asksKernel) {
        if (!asksKernel) {
            return;
        }
        List<TrackedContainer> probed =
                containers.stream().filter(c -> c.results().latest().isPresent()).toList();
        cycle.start(probed.stream().map(TrackedContainer::key).collect(Collectors.toSet()));
        request(probed, true);
    }

    void abortCycle() {
        cycle.abort();
    }

    /// A probe of the container has ended. A recheck that was requested meanwhile starts now.
    void probeFinished(TrackedContainer container, boolean asksKernel) {
        if (container.recheckState() == RecheckTaskState.AFTER_PROBE) {
            container.recheck(RecheckTaskState.IDLE);
            request(List.of(container), asksKernel);
        }
    }

    void mountsChanged(TrackedContainer container, long at, boolean asksKernel) {
        container.mountChangeReceived(at);
        request(List.of(container), asksKernel);
    }

    private void request(List<TrackedContainer> containers, boolean asksKernel) {
        List<ProbeRequest> requests = new ArrayList<>();
        for (TrackedContainer container : containers) {
            boolean possible =
                    asksKernel
                            && container.declared().isPresent()
                            && container.results().latest().isPresent()
                            && container.hasProcesses();
            if (!possible) {
                cycle.done(container.key());
                continue;
            }
            boolean idle = container.recheckState() == RecheckTaskState.IDLE;
            container.recheck(
                    container.recheckState().requested(container.probeState().isRunning()));
            if (idle && container.recheckState() == RecheckTaskState.RUNNING) {
                requests.add(
                        new ProbeRequest(
                                container.key(),
                                container.declared().get(),
                                container.runState().start(),
                                container.probedPaths(),
                                false,
                                context.now()));
            }
        }
        for (int from = 0; from < requests.size(); from += BATCH) {
            int to = Math.min(from + BATCH, requests.size());
            context.send(new MonitorAction.Recheck(engine, requests.subList(from, to)));
        }
    }

    void rechecked(
            TrackedContainer container, MonitorInput.RecheckResult result, boolean asksKernel) {
        boolean outdated = container.recheckState() == RecheckTaskState.RUNNING_AND_OUTDATED;
        container.recheck(RecheckTaskState.IDLE);
        ProbeRequest request = result.request();
        // A probe that has started since then also uses `procfs`, and its result is newer.
        boolean current =
                container.runState().start() == request.start()
                        && !container.probeState().isRunning();
        if (current && !result.kernel().isEmpty()) {
            result.kernel().forEach(r -> context.listener().probed(r, request.paths().size()));
            resultHandler.rechecked(container, result.kernel(), request.requestedAt());
        }
        cycle.done(container.key());
        if (outdated) {
            request(List.of(container), asksKernel);
        }
    }

    /// Watches the mounts of the container's first process from now on, if `procfs` is available.
    void watch(TrackedContainer container, long pid, boolean asksKernel) {
        if (asksKernel && pid != 0 && pid != container.watchedPid()) {
            container.watched(pid);
            context.send(new MonitorAction.WatchMounts(container.key(), pid));
        }
    }

    void remove(TrackedContainer container) {
        if (container.watchedPid() != 0) {
            container.watched(0);
            context.send(new MonitorAction.UnwatchMounts(container.key()));
        }
        cycle.done(container.key());
    }
}
