package io.github.writeprobe.monitor;

import java.util.Optional;

/// What is known of a container from its probes.
sealed interface KnownResults {
    record None() implements KnownResults {}

    /// @param start which start of the container they are about
    record Known(WitnessResults results, int start) implements KnownResults {}

    /// No witness could answer any more: the results before that stand, and are in doubt.
    ///
    /// @param lastProbe the one that got no answer
    record Doubted(WitnessResults results, int start, WitnessResults lastProbe)
            implements KnownResults {}

    /// The last results that a witness gave an answer in, if one ever did.
    default Optional<WitnessResults> latest() {
        return switch (this) {
            case None() -> Optional.empty();
            case Known(WitnessResults results, int start) -> Optional.of(results);
            case Doubted(WitnessResults results, int start, WitnessResults lastProbe) ->
                    Optional.of(results);
        };
    }

    default Optional<WitnessResults> silence() {
        return this instanceof Doubted d ? Optional.of(d.lastProbe()) : Optional.empty();
    }

    default boolean areOfEarlierStart(int now) {
        return switch (this) {
            case None() -> false;
            case Known(WitnessResults results, int start) -> start != now;
            case Doubted(WitnessResults results, int start, WitnessResults lastProbe) ->
                    start != now;
        };
    }

    /// All witnesses were asked.
    default KnownResults probed(WitnessResults now, int start) {
        return latest().filter(before -> now.isSilent() && !before.isSilent())
                .<KnownResults>map(before -> new Doubted(before, start, now))
                .orElseGet(() -> new Known(now, start));
    }
}
