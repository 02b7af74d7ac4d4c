package io.github.writeprobe.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Paths in containers. Symbolic links in them cannot be followed, so paths are compared as text.
public final class ContainerPathRules {
    /// `PATH_MAX` of Linux, without the terminating zero.
    private static final int MAX_LENGTH = 4095;

    private ContainerPathRules() {}

    /// What is expected instead; empty if the path is valid.
    static Optional<String> remedy(String path, boolean allowPatterns) {
        if (!path.startsWith("/")) {
            return Optional.of("expected an absolute path, which begins with /");
        }
        if (path.length() > MAX_LENGTH) {
            return Optional.of("expected a path of at most " + MAX_LENGTH + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("expected a path without control characters");
        }
        if (Arrays.asList(path.split("/", -1)).contains("..")) {
            return Optional.of("expected a path without ..");
        }
        if (!allowPatterns && path.chars().anyMatch(c -> c == '*' || c == '?')) {
            return Optional.of("expected a path without * and ?");
        }
        return Optional.empty();
    }

    /// Removes empty and `.` components, and a slash at the end.
    public static String normalise(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .collect(Collectors.joining("/", "/", ""));
    }
}
