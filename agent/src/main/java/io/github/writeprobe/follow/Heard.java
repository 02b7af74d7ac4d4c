package io.github.writeprobe.follow;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What the witnesses last said about a container.
///
/// @param at when they were asked, as [System#nanoTime()]
record Heard(List<Testimony> testimonies, long at) {
    /// Trouble that another try may not have.
    private static final Set<Cause> PASSING =
            Set.of(
                    Cause.TIMED_OUT,
                    Cause.OUTPUT_CAPPED,
                    Cause.MALFORMED,
                    Cause.EXEC_FAILED,
                    Cause.ENGINE);

    Heard {
        testimonies = List.copyOf(testimonies);
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
        return testimonies.stream()
                .allMatch(t -> t.trouble().isPresent() && t.observations().isEmpty());
    }

    private Set<Cause> causes() {
        return testimonies.stream()
                .flatMap(t -> t.trouble().stream())
                .map(Write.Inconclusive::cause)
                .collect(Collectors.toSet());
    }

    /// The first mount table that a witness could read.
    MountTable mounts() {
        return testimonies.stream()
                .map(Testimony::mounts)
                .filter(m -> !m.entries().isEmpty())
                .findFirst()
                .orElse(MountTable.EMPTY);
    }
}
