package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

/// One line of `docker diff`.
///
/// @param path in the container. A stranger's text
public record FileChange(Kind kind, String path) {
    public enum Kind {
        /// Something in it changed, or it did itself.
        CHANGED,
        ADDED,
        DELETED
    }

    public FileChange {
        requireNonNull(kind);
        requireNonNull(path);
    }
}
