package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

/// A file or directory that images like this one write.
///
/// @param pattern of its path; a directory stands for all in it
/// @param reason for people, what is written there; may be empty
/// @param always whether it has to be writable even if no write was seen there
/// @param execute whether something is run from there
public record KnownPath(
        String pattern, Lifetime lifetime, String reason, boolean always, boolean execute) {
    public KnownPath {
        requireNonNull(pattern);
        requireNonNull(lifetime);
        requireNonNull(reason);
    }
}
