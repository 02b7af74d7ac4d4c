package io.github.writeprobe.judge;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What of the host a mount shows: as declared, and as the mount table has it.
///
/// They differ where the source is a symbolic link, or a volume that is a bind in disguise. The
/// table's path counts from the root of its filesystem, so it is the host's path only on the
/// filesystem of the host's root. That one is known by the engine's own files, which it binds into
/// every container with a network; in a pod, the kubelet has put its own over the first of them.
final class Origins {
    private static final String ENGINES_OWN = "/var/lib/docker/";
    private static final String ENGINES_VOLUMES = ENGINES_OWN + "volumes/";

    private final Optional<String> hostDevice;
    private final KubeletMounts kubelet;

    Origins(MountTable table, KubeletMounts kubelet) {
        this.kubelet = kubelet;
        hostDevice =
                Stream.of("/etc/hosts", "/etc/resolv.conf", "/etc/hostname")
                        .flatMap(path -> table.at(path).stream())
                        .filter(e -> e.root().startsWith(ENGINES_OWN))
                        .map(MountEntry::device)
                        .findFirst();
    }

    /// @param entry of the mount table for the declared mount
    List<String> of(DeclaredMount declared, Optional<MountEntry> entry) {
        return switch (declared.kind()) {
            case BIND ->
                    Stream.concat(Stream.of(declared.source()), inTable(entry))
                            .filter(path -> !kubelet.pods(path))
                            .distinct()
                            .toList();
            case VOLUME -> inTable(entry).toList();
            case ROOTFS, TMPFS, ENGINE, UNDECLARED -> List.of();
        };
    }

    private Stream<String> inTable(Optional<MountEntry> entry) {
        return entry.stream()
                .filter(e -> onHostRoot(e) || e.root().endsWith(".sock"))
                .map(MountEntry::root);
    }

    private boolean onHostRoot(MountEntry e) {
        return hostDevice.filter(e.device()::equals).isPresent()
                && !e.root().startsWith(ENGINES_VOLUMES);
    }
}
