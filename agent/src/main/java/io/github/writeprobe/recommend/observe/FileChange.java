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
        DELETED
    }

    public FileChange {
        requireNonNull(kind);
        requireNonNull(path);
    }
}
