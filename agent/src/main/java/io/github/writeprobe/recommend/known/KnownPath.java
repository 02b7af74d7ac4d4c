package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

/// A file or directory that images of this kind write.
///
/// @param pattern of its path; a directory includes everything in it
/// @param reason for people, what is written there; may be empty
/// @param always whether it must be writable even if no write was seen
/// @param execute whether something is executed there
public record KnownPath(
        String pattern, Lifetime lifetime, String reason, boolean always, boolean execute) {
    public KnownPath {
        requireNonNull(pattern);
        requireNonNull(lifetime);
        requireNonNull(reason);
    }
}
