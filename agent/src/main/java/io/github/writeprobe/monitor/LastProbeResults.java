package io.github.writeprobe.monitor;

import java.util.Optional;

/// What is known about a container from its probes.
sealed interface LastProbeResults {
    record None() implements LastProbeResults {}

    /// @param start the start of the container that the results are about
    record Known(TimestampedProbeResults results, int start) implements LastProbeResults {}

    /// The last probe of every witness failed. The results before it are kept, but are in doubt.
    ///
    /// @param lastProbe the failed probe
    record Doubted(TimestampedProbeResults results, int start, TimestampedProbeResults lastProbe)
            implements LastProbeResults {}

    /// The results of the last probe that succeeded. If none did, those of the last probe.
    default Optional<TimestampedProbeResults> latest() {
        return switch (this) {
            case None() -> Optional.empty();
            case Known(TimestampedProbeResults results, int start) -> Optional.of(results);
            case Doubted(
                            TimestampedProbeResults results,
                            int start,
                            TimestampedProbeResults lastProbe) ->
                    Optional.of(results);
        };
    }

    default Optional<TimestampedProbeResults> silence() {
        return this instanceof Doubted d ? Optional.of(d.lastProbe()) : Optional.empty();
    }

    default boolean areOfEarlierStart(int now) {
        return switch (this) {
            case None() -> false;
            case Known(TimestampedProbeResults results, int start) -> start != now;
            case Doubted(
                            TimestampedProbeResults results,
                            int start,
                            TimestampedProbeResults lastProbe) ->
                    start != now;
        };
    }

    /// All witnesses have probed.
    default LastProbeResults probed(TimestampedProbeResults now, int start) {
        return latest().filter(before -> now.isSilent() && !before.isSilent())
                .<LastProbeResults>map(before -> new Doubted(before, start, now))
                .orElseGet(() -> new Known(now, start));
    }
}
