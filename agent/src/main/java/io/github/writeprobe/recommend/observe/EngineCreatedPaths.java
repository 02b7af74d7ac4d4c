package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Set;

/// Paths of the kernel, and paths that an engine creates in every container.
public final class EngineCreatedPaths {
    private static final List<String> KERNEL = List.of("/dev", "/proc", "/sys");

    private static final Set<String> ENGINE =
            Set.of(
                    "/.dockerenv",
                    "/catatonit",
                    "/etc/hostname",
                    "/etc/hosts",
                    "/etc/mtab",
                    "/etc/resolv.conf",
                    "/run/.containerenv",
                    "/run/podman-init",
                    "/run/secrets",
                    "/sbin/docker-init",
                    "/usr/bin/docker-init",
                    "/usr/sbin/docker-init");

    private EngineCreatedPaths() {}

    /// Whether a service does not write a path, whatever `docker diff` says.
    public static boolean contains(String path) {
        return KERNEL.stream().anyMatch(d -> MountTable.isAtOrBelow(path, d))
                || ENGINE.stream().anyMatch(e -> MountTable.isAtOrBelow(path, e));
    }

    /// Whether an engine may create one of these paths directly in a directory.
    public static boolean hasIn(String directory) {
        return ENGINE.stream()
                .map(path -> path.substring(0, Math.max(1, path.lastIndexOf('/'))))
                .anyMatch(directory::equals);
    }
}
