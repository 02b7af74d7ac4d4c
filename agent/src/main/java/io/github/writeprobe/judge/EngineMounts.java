package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Set;

/// The mounts that an engine makes by itself, so that no inspect lists them and no user wrote them.
final class EngineMounts {
    /// Writable in every container, read-only or not.
    private static final Set<String> WRITABLE = Set.of("/dev", "/dev/shm", "/dev/console");

    /// Read-only under `--read-only`, else as writable as the root filesystem.
    private static final Set<String> AS_THE_ROOTFS =
            Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

    /// Docker's and Podman's init, Podman's marker, and where Swarm and Podman put secrets.
    private static final Set<String> READ_ONLY =
            Set.of("/sbin/docker-init", "/run/podman-init", "/run/.containerenv", "/run/secrets");

    private EngineMounts() {}

    static boolean contains(String mountPoint) {
        return WRITABLE.contains(mountPoint)
                || AS_THE_ROOTFS.contains(mountPoint)
                || READ_ONLY.contains(mountPoint)
                || MountTable.isAtOrBelow(mountPoint, "/run/secrets")
                || kernelView(mountPoint);
    }

    /// `/proc` and `/sys` and the masks that the engine lays over parts of them.
    static boolean kernelView(String path) {
        return MountTable.isAtOrBelow(path, "/proc") || MountTable.isAtOrBelow(path, "/sys");
    }

    static boolean writable(String mountPoint, boolean readonlyRootfs) {
        return WRITABLE.contains(mountPoint)
                || kernelView(mountPoint)
                || (AS_THE_ROOTFS.contains(mountPoint) && !readonlyRootfs);
    }
}
