package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Set;

/// The mounts that an engine makes in every container without declaring them.
///
/// They are identified by filesystem type and mount point: another filesystem at such a mount point
/// is undeclared.
final class EngineDefaultMounts {
    /// A tmpfs in every container, read-only or not.
    private static final Set<String> TMPFS_MOUNTS = Set.of("/dev", "/dev/shm");

    /// Device nodes that an engine binds from the host if it may not create them, such as a
    /// rootless one.
    private static final Set<String> DEVICE_NAMES =
            Set.of("full", "null", "random", "tty", "urandom", "zero", "console");

    /// Read-only with `--read-only`, otherwise writable. The last one marks Podman's containers.
    private static final Set<String> SAME_AS_ROOTFS =
            Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv");

    /// The init program of Docker and of Podman. Docker's is in `/sbin`, which is a link in most
    /// images.
    private static final Set<String> ALWAYS_READ_ONLY =
            Set.of(
                    "/sbin/docker-init",
                    "/usr/sbin/docker-init",
                    "/usr/bin/docker-init",
                    "/bin/docker-init",
                    "/run/podman-init");

    private EngineDefaultMounts() {}

    static boolean contains(MountEntry entry) {
        String at = entry.mountPoint();
        return (TMPFS_MOUNTS.contains(at) && entry.filesystem().equals("tmpfs"))
                || isDevice(entry)
                || SAME_AS_ROOTFS.contains(at)
                || ALWAYS_READ_ONLY.contains(at)
                // Swarm and Podman mount secrets there.
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
