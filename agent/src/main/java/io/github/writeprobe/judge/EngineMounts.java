package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Set;

/// The mounts that an engine makes by itself, so that no inspect lists them and no user wrote them.
///
/// Known by what they are and not only by where: something else mounted in such a place is
/// nobody's.
final class EngineMounts {
    /// A tmpfs in every container, read-only or not.
    private static final Set<String> TMPFS_MOUNTS = Set.of("/dev", "/dev/shm");

    /// Device nodes that an engine without the right to make them binds from the host.
    private static final Set<String> DEVICE_NAMES =
            Set.of("full", "null", "random", "tty", "urandom", "zero", "console");

    /// Read-only under `--read-only`, else as writable as the root filesystem.
    private static final Set<String> SAME_AS_ROOTFS =
            Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

    /// Docker's and Podman's init, and Podman's marker.
    private static final Set<String> ALWAYS_READ_ONLY =
            Set.of("/sbin/docker-init", "/run/podman-init", "/run/.containerenv");

    private EngineMounts() {}

    static boolean contains(MountEntry entry) {
        String at = entry.mountPoint();
        return (TMPFS_MOUNTS.contains(at) && entry.filesystem().equals("tmpfs"))
                || isDevice(entry)
                || SAME_AS_ROOTFS.contains(at)
                || ALWAYS_READ_ONLY.contains(at)
                // Where Swarm and Podman put secrets.
                || MountTable.isAtOrBelow(at, "/run/secrets");
    }

    private static boolean isDevice(MountEntry entry) {
        String name = entry.mountPoint().substring(entry.mountPoint().lastIndexOf('/') + 1);
        return entry.mountPoint().equals("/dev/" + name)
                && DEVICE_NAMES.contains(name)
                && (entry.filesystem().equals("devtmpfs") || entry.filesystem().equals("devpts"));
    }

    static boolean isWritable(String mountPoint, boolean readonlyRootfs) {
        return MountTable.isAtOrBelow(mountPoint, "/dev")
                || (SAME_AS_ROOTFS.contains(mountPoint) && !readonlyRootfs);
    }
}
