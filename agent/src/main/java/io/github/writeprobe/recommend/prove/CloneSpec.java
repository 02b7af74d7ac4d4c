package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.ProposalItem;
import java.time.Duration;
import java.util.List;

/// How a clone is created, and what it has to do.
///
/// @param provisions in addition to what the original has
/// @param restart whether it has to work after a second start too
/// @param dataDirectories whose files have to be there after the second start
/// @param timeout how long it may take to be ready
/// @param exerciseLimit how long the exercise may take
/// @param originalUptime how long the original has been running
/// @param mustExitCleanly whether it has to exit cleanly when it is stopped, because the writable
///   clone did
record CloneSpec(
        ProposalTarget subject,
        List<ProposalItem> provisions,
        boolean readOnly,
        boolean restart,
        List<String> dataDirectories,
        Duration timeout,
        Duration exerciseLimit,
        Duration originalUptime,
        boolean mustExitCleanly) {
    CloneSpec {
        requireNonNull(subject);
        provisions = List.copyOf(provisions);
        dataDirectories = List.copyOf(dataDirectories);
        requireNonNull(timeout);
        requireNonNull(exerciseLimit);
        requireNonNull(originalUptime);
    }
}
