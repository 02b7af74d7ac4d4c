package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// What all clones of one run have in common.
///
/// @param settling for how long one has to be up to count as running
/// @param deadline of the run, in the time's nanoseconds
record CloneRunContext(
        Prover.Looks looks,
        Optional<Exerciser> exerciser,
        Duration settling,
        TimeSource time,
        long deadline) {
    CloneRunContext {
        requireNonNull(looks);
        requireNonNull(exerciser);
        requireNonNull(settling);
        requireNonNull(time);
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - time.nanos()));
    }

    boolean over() {
        return time.nanos() - deadline >= 0;
    }

    Duration since(long nanos) {
        return Duration.ofNanos(time.nanos() - nanos);
    }
}
