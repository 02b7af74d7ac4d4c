package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Witnesses;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What the witnesses last said about a container.
///
/// @param at when they were asked, as [System#nanoTime()]
record LastResults(Witnesses.Heard said, long at) {
    /// Trouble that another try may not have.
    private static final Set<Cause> PASSING =
            Set.of(
                    Cause.TIMED_OUT,
                    Cause.OUTPUT_CAPPED,
                    Cause.MALFORMED,
                    Cause.EXEC_FAILED,
                    Cause.ENGINE);

    List<ProbeResult> testimonies() {
        return said.all();
    }

    /// What the kernel says now, instead of what it said.
    LastResults now(List<ProbeResult> kernel, long when) {
        return new LastResults(said.now(kernel), when);
    }

    /// Whether nothing else is to be made of it, whenever it was said.
    boolean saysTheSame(LastResults other) {
        List<ProbeResult> these = testimonies();
        List<ProbeResult> those = other.testimonies();
        if (these.size() != those.size()) {
            return false;
        }
        for (int i = 0; i < these.size(); i++) {
            ProbeResult one = these.get(i);
            ProbeResult another = those.get(i);
            boolean same =
                    one.observations().equals(another.observations())
                            && one.trouble().equals(another.trouble())
                            && one.mounts().equals(another.mounts())
                            && one.leftovers().equals(another.leftovers())
                            && one.facts().equals(another.facts());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /// Whether it is worth asking again before the time.
    boolean failed() {
        return causes().stream().anyMatch(PASSING::contains);
    }

    /// Whether it was the engine that failed, which says nothing about the container.
    boolean withoutEngine() {
        return causes().contains(Cause.ENGINE);
    }

    /// Whether the container had ended.
    boolean ended() {
        return causes().contains(Cause.NOT_RUNNING) || causes().contains(Cause.GONE);
    }

    /// Whether nobody could say anything.
    boolean silent() {
        return testimonies().stream()
                .allMatch(t -> t.trouble().isPresent() && t.observations().isEmpty());
    }

    private Set<Cause> causes() {
        return testimonies().stream()
                .flatMap(t -> t.trouble().stream())
                .map(Write.Inconclusive::cause)
                .collect(Collectors.toSet());
    }

    MountTable mounts() {
        return ProbeResult.mountsOf(testimonies());
    }
}
