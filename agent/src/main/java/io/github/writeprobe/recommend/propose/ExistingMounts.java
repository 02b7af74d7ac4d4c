package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.PodVolumeKind;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The mounts that a container already has, with symbolic links resolved.
final class ExistingMounts {
    /// @param mountPoint its mount point, with symbolic links resolved
    record Mount(DeclaredMount declared, String mountPoint) {}

    private final List<Mount> all;

    ExistingMounts(List<DeclaredMount> declared, FileLookupCache fileView) {
        all =
                declared.stream()
                        .map(m -> new Mount(m, fileView.resolved(m.destination())))
                        .sorted(Comparator.comparing(Mount::mountPoint))
                        .toList();
    }

    /// Whether it is a file that the kubelet binds into every container, so that no pod declares
    /// it.
    static boolean isOfKubelet(Mount mount, ProposalTarget subject) {
        return PodVolumeKind.of(
                        mount.declared().source(),
                        subject.container().labels().getOrDefault("io.kubernetes.pod.uid", ""))
                .filter(volume -> volume == PodVolumeKind.KUBELET_FILE)
                .isPresent();
    }

    List<Mount> all() {
        return all;
    }

    /// The mount that contains a path, unless that is the root filesystem.
    Optional<Mount> containing(String path) {
        return all.stream()
                .filter(m -> MountTable.isAtOrBelow(path, m.mountPoint()))
                .max(Comparator.comparingInt(m -> m.mountPoint().length()));
    }

    Set<String> mountPoints() {
        return all.stream().map(Mount::mountPoint).collect(Collectors.toSet());
    }
}
