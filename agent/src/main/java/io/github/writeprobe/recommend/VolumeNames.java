package io.github.writeprobe.recommend;

import java.util.HashSet;
import java.util.Set;

/// Names for volumes, made of the paths they are for, and each given once.
final class VolumeNames {
    private static final int MAX_LENGTH = 60;

    private final Set<String> used = new HashSet<>();

    /// Of letters, digits, dots, dashes and underscores, as an engine wants it.
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
