package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What a clone is made as, and what it has to do.
///
/// @param provisions beside what the original has
/// @param restart whether it has to get through a second start
/// @param patience for how long it may take to be ready, and the exercise to end
/// @param running for how long the original has been
/// @param endsWell whether one that could write ended well when it was asked to
record CloneRole(
        Subject subject,
        List<Provision> provisions,
        boolean readOnly,
        boolean restart,
        Duration patience,
        Duration running,
        boolean endsWell) {
    CloneRole {
        requireNonNull(subject);
        provisions = List.copyOf(provisions);
        requireNonNull(patience);
        requireNonNull(running);
    }
}
