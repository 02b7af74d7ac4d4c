package io.github.writeprobe.monitor;

import java.util.Optional;

/// What is known of a container from its probes.
sealed interface KnownResults {
    record None() implements KnownResults {}

    /// @param start which start of the container they are about
    record Known(TimedResults results, int start) implements KnownResults {}

    /// No witness could answer any more: the results before that stand, and are in doubt.
    ///
    /// @param lastProbe the one that got no answer
    record Doubted(TimedResults results, int start, TimedResults lastProbe)
            implements KnownResults {}

    /// The last results that a witness gave an answer in, if one ever did.
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

    /// All witnesses were asked.
    default KnownResults probed(TimedResults now, int start) {
        return latest().filter(before -> now.isSilent() && !before.isSilent())
                .<KnownResults>map(before -> new Doubted(before, start, now))
                .orElseGet(() -> new Known(now, start));
    }
}
