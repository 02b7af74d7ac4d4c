package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.regex.Pattern;

/// A container's process, held fast.
///
/// What is held is the directory `/proc/PID`, which stays that of the process it was opened for:
/// after its end everything in it fails with ESRCH, whoever has the number by then. That the
/// process is the container's is asked of that same directory, so that none but the container's is
/// ever probed. Belongs to the thread of its kernel.
final class Target implements AutoCloseable {
    /// A table of two thousand mounts with long names fits in.
    private static final int TABLE = 8 << 20;

    /// A status with as many groups as the kernel lets a process have.
    private static final int SMALL = 1 << 20;

    private static final Pattern SOMEBODYS = Pattern.compile("[0-9a-f]{64}");

    private final Kernel kernel;
    private final int directory;
    private final String container;

    private Target(Kernel kernel, int directory, String container) {
        this.kernel = kernel;
        this.directory = directory;
        this.container = container;
    }

    /// Takes hold of a process.
    ///
    /// @param proc where procfs is mounted
    /// @param container its id
    /// @return empty if there is no such process, or if it is none of the container's
    static Optional<Target> pin(Kernel kernel, String proc, long pid, String container) {
        long fd =
                pid <= 0
                        ? -1
                        : kernel.open(
                                Kernel.AT_FDCWD,
                                proc + "/" + pid,
                                Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                                0);
        if (fd < 0) {
            return Optional.empty();
        }
        Target target = new Target(kernel, (int) fd, container);
        if (target.isOfContainer()) {
            return Optional.of(target);
        }
        target.close();
        return Optional.empty();
    }

    /// Engines name a container's cgroup after it. Where cgroups have no such names, the files that
    /// an engine binds into a container come from a directory that has. A process with the same
    /// number on another machine has neither.
    private boolean isOfContainer() {
        String cgroup = text("cgroup", SMALL).orElse("");
        return cgroup.contains(container)
                || (!SOMEBODYS.matcher(cgroup).find()
                        && text("mountinfo", TABLE)
                                .filter(t -> t.contains("/" + container))
                                .isPresent());
    }

    private Optional<String> text(String name, int most) {
        return kernel.text(directory, name, most);
    }

    /// @param tables what was read before
    Optional<MountTable> mounts(Tables tables) {
        return text("mountinfo", TABLE).map(t -> tables.of(container, t));
    }

    Optional<ProcessStatus> status() {
        return text("status", SMALL).flatMap(ProcessStatus::parse);
    }

    IdMap uids() {
        return IdMap.parse(text("uid_map", SMALL).orElse(""));
    }

    IdMap gids() {
        return IdMap.parse(text("gid_map", SMALL).orElse(""));
    }

    /// What a security module calls it; empty where none does.
    String label() {
        return text("attr/current", SMALL).map(t -> t.replace("\0", "").strip()).orElse("");
    }

    /// Its root directory, to be closed: as long as it is open, nothing can be unmounted there.
    ///
    /// @return a negative errno if it cannot be had
    long root() {
        return kernel.open(directory, "root", Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
    }

    /// Its mount table, open, to be closed: as long as it is, its namespace lives.
    ///
    /// @return a negative errno if it cannot be had
    long mountTable() {
        return kernel.open(directory, "mountinfo", Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
    }

    @Override
    public void close() {
        kernel.close(directory);
    }
}
