package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What a clone is made as, and what it has to do.
///
/// @param provisions beside what the original has
/// @param restart whether it has to get through a second start
/// @param timeout for how long it may take to be ready, and the exercise to end
/// @param originalUptime for how long the original has been
/// @param mustExitCleanly whether one that could write ended well when it was asked to
record CloneSpec(
        Subject subject,
        List<Provision> provisions,
        boolean readOnly,
        boolean restart,
        Duration timeout,
        Duration originalUptime,
        boolean mustExitCleanly) {
    CloneSpec {
        requireNonNull(subject);
        provisions = List.copyOf(provisions);
        requireNonNull(timeout);
        requireNonNull(originalUptime);
    }
}
