package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The directories of an overlay, as the kernel lists them in the options of its mount.
///
/// @param upper the directory that has what was written
/// @param lower the layers below it, the uppermost first
record OverlayLayers(String upper, List<String> lower) {
    OverlayLayers {
        lower = List.copyOf(lower);
    }

    /// @return empty if it is no overlay, if nothing can be written to it, or if its directories
    ///   cannot be told from its options
    static Optional<OverlayLayers> of(MountEntry mount) {
        if (!mount.filesystem().equals("overlay")) {
            return Optional.empty();
        }
        String upper = "";
        List<String> lower = new ArrayList<>();
        for (String option : mount.superOptions()) {
            String value = option.substring(option.indexOf('=') + 1);
            if (option.startsWith("upperdir=")) {
                upper = value;
            } else if (option.startsWith("lowerdir=")) {
                lower.addAll(List.of(value.split(":")));
            } else if (option.startsWith("lowerdir+=")) {
                lower.add(value);
            }
        }
        // A backslash protects a comma or a colon. Engines do not have them in these paths.
        if (!upper.startsWith("/") || upper.contains("\\") || lower.isEmpty()) {
            return Optional.empty();
        }
        String base = parent(parent(upper));
        return Optional.of(
                new OverlayLayers(
                        upper,
                        // containerd mounts from the directory of all snapshots if there are many.
                        lower.stream().map(l -> l.startsWith("/") ? l : base + "/" + l).toList()));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
