package io.github.writeprobe.monitor;

import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probing.WitnessRunner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the results of the witnesses: updates what is known, schedules the next probe, and
/// measures how long a change was unnoticed.
final class ProbeResultHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeResultHandler.class);

    private final MonitorContext context;
    private final VerdictUpdater verdicts;

    ProbeResultHandler(MonitorContext context, VerdictUpdater verdicts) {
        this.context = context;
        this.verdicts = verdicts;
    }

    /// All witnesses have probed.
    void probed(TrackedContainer container, TimestampedProbeResults now, MonitorSettings settings) {
        Optional<TimestampedProbeResults> before = container.results().latest();
        mountChange(container, before, now);
        container.probeEnded(now.hasFailed());
        Duration pause = pause(container.failures(), settings);
        container.nextProbeAt(context.now() + pause.toNanos());
        container.results(container.results().probed(now, container.runState().start()));
        judge(container, before);
    }

    /// Only `procfs` has probed.
    void rechecked(TrackedContainer container, List<ProbeResult> kernel, long requestedAt) {
        switch (container.results()) {
            case LastProbeResults.None() -> {}
            case LastProbeResults.Known(TimestampedProbeResults before, int start) ->
                    rechecked(container, before, start, kernel, requestedAt);
            case LastProbeResults.Doubted(
                            TimestampedProbeResults before,
                            int start,
                            TimestampedProbeResults lastProbe) ->
                    rechecked(container, before, start, kernel, requestedAt);
        }
    }

    private void rechecked(
            TrackedContainer container,
            TimestampedProbeResults before,
            int start,
            List<ProbeResult> kernel,
            long requestedAt) {
        TimestampedProbeResults alone =
                new TimestampedProbeResults(
                        new WitnessRunner.WitnessResults(List.of(), kernel), requestedAt);
        if (alone.isSilent()) {
            container.results(new LastProbeResults.Doubted(before, start, alone));
            verdicts.judge(container);
            return;
        }
        TimestampedProbeResults now = before.withKernel(kernel, requestedAt);
        mountChange(container, Optional.of(before), now);
        boolean confirms = container.results().silence().isEmpty() && before.isSameAs(now);
        container.results(new LastProbeResults.Known(now, start));
        if (confirms) {
            verdicts.confirm(container);
            container.mountChangeAnswered();
        } else {
            judge(container, Optional.of(before));
        }
    }

    private void judge(TrackedContainer container, Optional<TimestampedProbeResults> before) {
        Optional<ContainerReport> reportBefore = container.report();
        verdicts.judge(container);
        boolean changed = !VerdictChangeLogger.same(reportBefore, container.report());
        if (container.startReceivedAt().isPresent()) {
            answered(Trigger.START, container.startReceivedAt());
            container.startAnswered();
        } else if (before.isPresent() && changed) {
            if (container.mountChangeReceivedAt().isPresent()) {
                logSteps(container);
                answered(Trigger.MOUNT, container.mountChangeReceivedAt());
            } else {
                answered(Trigger.POLL, OptionalLong.of(before.get().requestedAt()));
            }
        }
        container.mountChangeAnswered();
    }

    /// Logs when each step from a mount change to the verdict was taken, by the monitor's clock.
    private void logSteps(TrackedContainer container) {
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("id", container.id())
                    .addKeyValue("reported", container.mountChangeReceivedAt().orElse(0))
                    .addKeyValue("requested", probedAt(container))
                    .addKeyValue("judged", context.now())
                    .log("a mount change was judged; times in nanoseconds");
        }
    }

    private static long probedAt(TrackedContainer container) {
        return container.results().latest().map(TimestampedProbeResults::requestedAt).orElse(0L);
    }

    private void answered(Trigger trigger, OptionalLong since) {
        Duration latency = Duration.ofNanos(context.now() - since.orElseThrow());
        context.listener().verdictChanged(trigger, latency);
    }

    /// Counts a change of the mount table, and finds out who made it.
    private void mountChange(
            TrackedContainer container,
            Optional<TimestampedProbeResults> before,
            TimestampedProbeResults now) {
        container.changedBy(Optional.empty());
        MountTable last = before.map(TimestampedProbeResults::mounts).orElse(MountTable.EMPTY);
        MountTable current = now.mounts();
        boolean bothKnown = !last.entries().isEmpty() && !current.entries().isEmpty();
        if (bothKnown && !last.equals(current)) {
            Optional<MountActor> actor =
                    context.actors()
                            .find(
                                    container.key(),
                                    before.orElseThrow().requestedAt(),
                                    context.now(),
                                    container.mountChangeReceivedAt(),
                                    current.followsOthers() || last.followsOthers());
            container.changedBy(actor);
            context.listener()
                    .mountTableChanged(actor.map(MountActor::origin).orElse(ChangeOrigin.UNKNOWN));
        }
    }

    /// The time until the next probe. A random part spreads the `exec` probes over their interval.
    /// After a failure the next attempt comes soon, and the pauses then grow.
    private Duration pause(int failures, MonitorSettings settings) {
        Duration longest = settings.execInterval();
        if (failures == 0) {
            return longest.multipliedBy(750 + context.random().nextInt(250)).dividedBy(1000);
        }
        Duration pause = settings.interval().multipliedBy(1L << Math.min(failures - 1, 16));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
