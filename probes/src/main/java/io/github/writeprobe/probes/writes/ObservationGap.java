package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

/// Why something that was written may not have been seen.
///
/// @param reason for people. May hold a stranger's text
public record ObservationGap(Kind kind, String reason) {
    public enum Kind {
        /// Writes were not watched, or not for all of the time.
        UNWATCHED,
        /// Nobody could look at what is open.
        UNSEEN,
        /// A mount could not be watched.
        MOUNT,
        /// There were more writes than could be taken in, and some of them nobody knows.
        OVERFLOW,
        /// There were more files than are told of one by one; their directories are.
        TOO_MANY_FILES,
        /// The container ended while it was watched.
        ENDED
    }

    public ObservationGap {
        requireNonNull(kind);
        requireNonNull(reason);
    }
}
