package io.github.writeprobe.monitor;

import java.util.Optional;

/// What is known about a container from its probes.
sealed interface KnownResults {
    record None() implements KnownResults {}

    /// @param start the start of the container that the results are about
    record Known(TimedResults results, int start) implements KnownResults {}

    /// The last probe of every witness failed. The results before it are kept, but are in doubt.
    ///
    /// @param lastProbe the failed probe
    record Doubted(TimedResults results, int start, TimedResults lastProbe)
            implements KnownResults {}

    /// The results of the last probe that succeeded. If none did, those of the last probe.
    default Optional<TimedResults> latest() {
        return switch (this) {
            case None() -> Optional.empty();
            case Known(TimedResults results, int start) -> Optional.of(results);
            case Doubted(TimedResults results, int start, TimedResults lastProbe) ->
                    Optional.of(results);
        };
    }

    default Optional<TimedResults> silence() {
        return this instanceof Doubted d ? Optional.of(d.lastProbe()) : Optional.empty();
    }

    default boolean areOfEarlierStart(int now) {
        return switch (this) {
            case None() -> false;
            case Known(TimedResults results, int start) -> start != now;
            case Doubted(TimedResults results, int start, TimedResults lastProbe) -> start != now;
        };
    }

    /// All witnesses have probed.
    default KnownResults probed(TimedResults now, int start) {
        return latest().filter(before -> now.isSilent() && !before.isSilent())
                .<KnownResults>map(before -> new Doubted(before, start, now))
                .orElseGet(() -> new Known(now, start));
    }
}
