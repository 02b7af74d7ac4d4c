package io.github.writeprobe.recommend.format;

import java.util.HashSet;
import java.util.Set;

/// Names that are unique in a document.
final class UniqueNames {
    private static final int MAX_LENGTH = 63;

    private final Set<String> used = new HashSet<>();

    String assign(String wanted) {
        String name = wanted;
        for (int i = 2; !used.add(name); i++) {
            String suffix = "-" + i;
            name =
                    wanted.substring(0, Math.min(wanted.length(), MAX_LENGTH - suffix.length()))
                            + suffix;
        }
        return name;
    }

    /// A name that Docker and Compose allow. A valid name is not changed.
    static String sanitize(String wanted) {
        String name = wanted.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+", "");
        name = name.substring(0, Math.min(MAX_LENGTH, name.length())).replaceAll("[._-]+$", "");
        return name.isEmpty() ? "service" : name;
    }
}
