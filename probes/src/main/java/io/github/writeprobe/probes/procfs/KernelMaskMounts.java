package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;

/// Mounts that an engine puts over parts of `/proc` and `/sys`, which are not probed: `/dev/null`
/// over a file, the tmpfs that holds the hierarchies of cgroup v1, and read-only mounts, for which
/// the mount table is enough. A directory with the name of a masked file is not a mask.
final class KernelMaskMounts {
    private final LinuxSyscalls kernel;
    private final int root;
    private final MountTable mounts;

    /// @param root the container's root directory
    KernelMaskMounts(LinuxSyscalls kernel, int root, MountTable mounts) {
        this.kernel = kernel;
        this.root = root;
        this.mounts = mounts;
    }

    boolean contains(MountEntry entry) {
        String mountPoint = entry.mountPoint();
        boolean inKernelFilesystem =
                mountPoint.startsWith("/proc/") || mountPoint.startsWith("/sys/");
        return inKernelFilesystem
                && (entry.isReadOnly()
                        || mounts.isCgroupV1Tmpfs(entry)
                        || (mounts.isNullMask(entry) && isCharacterDevice(mountPoint)));
    }

    private boolean isCharacterDevice(String path) {
        long fd =
                kernel.openIn(
                        root,
                        path,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0,
                        LinuxSyscalls.RESOLVE_IN_ROOT | LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        if (fd < 0) {
            return false;
        }
        try {
            Optional<LinuxSyscalls.Status> status = kernel.status((int) fd);
            return status.filter(LinuxSyscalls.Status::isCharacterDevice).isPresent();
        } finally {
            kernel.close(fd);
        }
    }
}
