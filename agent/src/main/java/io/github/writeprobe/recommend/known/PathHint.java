package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.policy.Glob;

/// What a path alone shows, whichever program wrote it.
///
/// @param pattern of a path; `…/*` also matches the directory itself
/// @param reason for people, what the file is: "a pid file"
public record PathHint(String pattern, Lifetime lifetime, String reason) {
    public PathHint {
        requireNonNull(pattern);
        requireNonNull(lifetime);
        requireNonNull(reason);
    }

    public boolean matches(String path) {
        return Glob.matches(pattern, path)
                || (pattern.endsWith("/*") && Glob.matches(pattern, path + "/"));
    }
}
