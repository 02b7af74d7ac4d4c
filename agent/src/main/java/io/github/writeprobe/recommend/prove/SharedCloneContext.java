package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// What all clones of one run share.
///
/// @param settlingTime how long a clone has to be up before it counts as running
/// @param deadline end of the run, in nanoseconds of [#time()]
record SharedCloneContext(
        Prover.CloneChecks checks,
        Optional<CloneExerciser> exerciser,
        Duration settlingTime,
        TimeSource time,
        long deadline) {
    SharedCloneContext {
        requireNonNull(checks);
        requireNonNull(exerciser);
        requireNonNull(settlingTime);
        requireNonNull(time);
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - time.nanos()));
    }

    boolean isExpired() {
        return time.nanos() - deadline >= 0;
    }

    Duration elapsedSince(long nanos) {
        return Duration.ofNanos(time.nanos() - nanos);
    }
}
