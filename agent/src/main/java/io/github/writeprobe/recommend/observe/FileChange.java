package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

/// One line of `docker diff`.
///
/// @param path in the container. Untrusted text
public record FileChange(Kind kind, String path) {
    public enum Kind {
        /// The file itself changed, or something in the directory did.
        CHANGED,
        ADDED,
        DELETED,
        /// The owner or the mode of a file changed, and its content did not.
        OWNER_CHANGED,
        /// The engine created it to mount something there.
        MOUNT_POINT
    }

    public FileChange {
        requireNonNull(kind);
        requireNonNull(path);
    }
}
