package io.github.writeprobe.recommend.propose;

import java.util.HashSet;
import java.util.Set;

/// Unique names for volumes, derived from their paths.
final class VolumeNames {
    private static final int MAX_LENGTH = 60;

    private final Set<String> used = new HashSet<>();

    /// A name of letters, digits, dots, dashes and underscores, as the engine requires.
    String assign(String path) {
        String name = path.replaceAll("[^A-Za-z0-9_.]+", "-").replaceAll("^[-_.]+|[-_.]+$", "");
        if (name.length() > MAX_LENGTH) {
            name = name.substring(0, MAX_LENGTH).replaceAll("[-_.]+$", "");
        }
        name = name.isEmpty() ? "data" : name;
        String unique = name;
        for (int i = 2; !used.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
