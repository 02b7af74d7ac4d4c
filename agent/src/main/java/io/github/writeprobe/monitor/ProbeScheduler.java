package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probing.UntrustedDataBudget;
import io.github.writeprobe.probing.UntrustedDataSizeEstimator;
import io.github.writeprobe.probing.WitnessRunner;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Queues, starts and ends the probes of one engine's containers by all witnesses.
final class ProbeScheduler {
    private final MonitorContext context;
    private final ProbeResultHandler resultHandler;
    private final CycleTracker cycle;
    private final UntrustedDataBudget memory = UntrustedDataBudget.forProbeResults();

    ProbeScheduler(MonitorContext context, ProbeResultHandler resultHandler, CycleTracker cycle) {
        this.context = context;
        this.resultHandler = resultHandler;
        this.cycle = cycle;
    }

    /// Queues a container that is due. If it cannot be probed yet, it is queued by the event that
    /// makes this possible.
    void queue(TrackedContainer container, boolean urgent) {
        boolean possible = container.hasProcesses() && container.declared().isPresent();
        if (possible && container.probeState() == ProbeTaskState.DUE) {
            container.probe(container.probeState().queued());
            context.queue().add(container.key(), container.isSuspect(), urgent);
        }
    }

    /// @return whether a probe was started
    boolean start(
            TrackedContainer container, boolean suspect, Function<Container, List<String>> paths) {
        if (container.declared().isEmpty() || !container.hasProcesses()) {
            container.probe(container.probeState().postponed());
            cycle.done(container.key());
            return false;
        }
        container.probe(container.probeState().started());
        Container declared = container.declared().get();
        container.probedAt(paths.apply(declared));
        context.send(
                new MonitorAction.Probe(
                        new ProbeRequest(
                                container.key(),
                                declared,
                                container.runState().start(),
                                container.probedPaths(),
                                suspect,
                                context.now())));
        return true;
    }

    void cancel(TrackedContainer container) {
        if (container.probeState().isRunning()) {
            context.send(new MonitorAction.CancelProbe(container.key()));
        }
    }

    void remove(TrackedContainer container) {
        cancel(container);
        memory.release(container.id());
    }

    /// @return whether the container had ended before it could be probed
    boolean finished(
            TrackedContainer container,
            ProbeRequest request,
            Optional<WitnessRunner.WitnessResults> results,
            MonitorSettings settings) {
        container.probe(container.probeState().finished());
        if (container.runState().start() != request.start()) {
            return false;
        }
        Optional<TimestampedProbeResults> now =
                results.map(r -> new TimestampedProbeResults(r, request.requestedAt()))
                        .filter(r -> !r.isWithoutEngine());
        if (now.isEmpty()) {
            // The engine failed, not the container, so the container is due in the next cycle.
            container.nextProbeAt(context.now());
            return false;
        }
        return finished(container, request, now.get(), settings);
    }

    private boolean finished(
            TrackedContainer container,
            ProbeRequest request,
            TimestampedProbeResults now,
            MonitorSettings settings) {
        now.all().stream()
                .filter(result -> !isOutOfReach(result))
                .forEach(result -> context.listener().probed(result, request.paths().size()));
        if (now.hasEnded()) {
            return true;
        }
        boolean fits =
                memory.tryAcquire(
                        container.id(), UntrustedDataSizeEstimator.of(now.results().inContainer()));
        TimestampedProbeResults kept =
                fits
                        ? now
                        : new TimestampedProbeResults(
                                now.results().withoutOutput(), now.requestedAt());
        resultHandler.probed(container, kept, settings);
        return false;
    }

    /// Whether `procfs` cannot reach the container's processes at all, which is not a failed probe.
    private static boolean isOutOfReach(ProbeResult result) {
        return result.witness() == WitnessName.PROCFS
                && result.trouble()
                        .filter(why -> why.cause() == InconclusiveCause.UNREACHABLE)
                        .isPresent();
    }
}
