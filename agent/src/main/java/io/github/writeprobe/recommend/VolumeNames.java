package io.github.writeprobe.recommend;

import java.util.HashSet;
import java.util.Set;

/// Names for volumes, made of the paths they are for, and each given once.
final class VolumeNames {
    private static final int LONGEST = 60;

    private final Set<String> given = new HashSet<>();

    /// Of letters, digits, dots, dashes and underscores, as an engine wants it.
    String of(String path) {
        String name = path.replaceAll("[^A-Za-z0-9_.]+", "-").replaceAll("^[-_.]+|[-_.]+$", "");
        if (name.length() > LONGEST) {
            name = name.substring(0, LONGEST).replaceAll("[-_.]+$", "");
        }
        name = name.isEmpty() ? "data" : name;
        String unique = name;
        for (int i = 2; !given.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
