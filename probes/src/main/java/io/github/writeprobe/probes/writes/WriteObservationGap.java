package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

/// A reason why some writes may not have been seen.
///
/// @param reason for people. May contain untrusted text
public record WriteObservationGap(Kind kind, String reason) {
    public enum Kind {
        /// Writes were not watched, or only for a part of the time.
        UNWATCHED,
        /// The open files could not be inspected.
        UNSEEN,
        /// A mount could not be watched.
        MOUNT,
        /// There were more writes than could be read, and some of them are not known.
        OVERFLOW,
        /// There were more files than can be listed one by one. Their directories are listed
        /// instead.
        TOO_MANY_FILES,
        /// The container ended while it was watched.
        ENDED
    }

    public WriteObservationGap {
        requireNonNull(kind);
        requireNonNull(reason);
    }
}
