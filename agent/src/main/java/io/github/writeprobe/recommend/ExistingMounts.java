package io.github.writeprobe.recommend;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The mounts that a container has already, where they really are.
final class ExistingMounts {
    /// @param at its mount point, links resolved
    record Mount(DeclaredMount declared, String at) {}

    private final List<Mount> all;

    ExistingMounts(List<DeclaredMount> declared, BoundedFileView looks) {
        all =
                declared.stream()
                        .map(m -> new Mount(m, looks.resolved(m.destination())))
                        .sorted(Comparator.comparing(Mount::at))
                        .toList();
    }

    List<Mount> all() {
        return all;
    }

    /// The mount that a path lies on, if that is not the root filesystem.
    Optional<Mount> covering(String path) {
        return all.stream()
                .filter(m -> MountTable.isAtOrBelow(path, m.at()))
                .max(Comparator.comparingInt(m -> m.at().length()));
    }

    Set<String> points() {
        return all.stream().map(Mount::at).collect(Collectors.toSet());
    }
}
