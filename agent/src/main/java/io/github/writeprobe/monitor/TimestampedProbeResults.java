package io.github.writeprobe.monitor;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probing.WitnessRunner;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The results of one probe of a container.
///
/// @param requestedAt when the probe was requested, by the monitor's [MonitorClock]
record TimestampedProbeResults(WitnessRunner.WitnessResults results, long requestedAt) {
    /// Causes that may not occur in another attempt.
    private static final Set<InconclusiveCause> TEMPORARY =
            Set.of(
                    InconclusiveCause.TIMED_OUT,
                    InconclusiveCause.OUTPUT_CAPPED,
                    InconclusiveCause.MALFORMED,
                    InconclusiveCause.EXEC_FAILED,
                    InconclusiveCause.ENGINE);

    List<ProbeResult> all() {
        return results.all();
    }

    /// The same with new results of the `procfs` witness in place of its old ones.
    TimestampedProbeResults withKernel(List<ProbeResult> kernel, long when) {
        return new TimestampedProbeResults(results.withKernel(kernel), when);
    }

    /// Whether both have the same results, apart from their times.
    boolean isSameAs(TimestampedProbeResults other) {
        List<ProbeResult> these = all();
        List<ProbeResult> those = other.all();
        if (these.size() != those.size()) {
            return false;
        }
        for (int i = 0; i < these.size(); i++) {
            ProbeResult one = these.get(i);
            ProbeResult another = those.get(i);
            if (!isSame(one, another)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(ProbeResult one, ProbeResult another) {
        return one.observations().equals(another.observations())
                && one.trouble().equals(another.trouble())
                && one.mounts().equals(another.mounts())
                && one.leftovers().equals(another.leftovers())
                && one.facts().equals(another.facts());
    }

    /// Whether another attempt soon may find more.
    boolean hasFailed() {
        return causes().stream().anyMatch(TEMPORARY::contains);
    }

    /// Whether the engine failed, which says nothing about the container.
    boolean isWithoutEngine() {
        return causes().contains(InconclusiveCause.ENGINE);
    }

    /// Whether the container had ended.
    boolean hasEnded() {
        return causes().contains(InconclusiveCause.NOT_RUNNING)
                || causes().contains(InconclusiveCause.GONE);
    }

    /// Whether no witness succeeded.
    boolean isSilent() {
        for (ProbeResult result : all()) {
            if (result.trouble().isEmpty() || !result.observations().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Set<InconclusiveCause> causes() {
        return all().stream()
                .flatMap(t -> t.trouble().stream())
                .map(WriteResult.Inconclusive::cause)
                .collect(Collectors.toSet());
    }

    MountTable mounts() {
        return ProbeResult.mountsOf(all());
    }
}
