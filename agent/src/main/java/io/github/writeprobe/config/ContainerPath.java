package io.github.writeprobe.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Paths in containers, where links cannot be followed to find out what a path means.
public final class ContainerPath {
    /// `PATH_MAX` of Linux, its terminating zero not counted.
    private static final int MAX_LENGTH = 4095;

    private ContainerPath() {}

    /// What kind of path is allowed, if this is not one.
    static Optional<String> remedy(String path, boolean allowPatterns) {
        if (!path.startsWith("/")) {
            return Optional.of("allowed is an absolute path, one that begins with /");
        }
        if (path.length() > MAX_LENGTH) {
            return Optional.of("allowed is a path of at most " + MAX_LENGTH + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("allowed is a path without control characters");
        }
        if (Arrays.asList(path.split("/", -1)).contains("..")) {
            return Optional.of("allowed is a path without ..");
        }
        if (!allowPatterns && path.chars().anyMatch(c -> c == '*' || c == '?')) {
            return Optional.of("allowed is a path without * and ?");
        }
        return Optional.empty();
    }

    /// Without empty and `.` components, and without a slash at the end.
    public static String normalise(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .collect(Collectors.joining("/", "/", ""));
    }
}
