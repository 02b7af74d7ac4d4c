package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.Optional;
import java.util.regex.Pattern;

/// A container's process, held fast.
///
/// What is held is the directory `/proc/PID`, which stays that of the process it was opened for:
/// after its end everything in it fails with ESRCH, whoever has the number by then. That the
/// process is the container's is asked of that same directory, so that none but the container's is
/// ever probed. Belongs to the thread of its kernel.
public final class ContainerProcess implements AutoCloseable {
    /// A table of two thousand mounts with long names fits in.
    private static final int MAX_TABLE_BYTES = 1 << 20;

    /// A status with as many groups as the kernel lets a process have.
    private static final int MAX_BYTES = 1 << 20;

    private static final Pattern CONTAINER_ID = Pattern.compile("[0-9a-f]{64}");

    private final Kernel kernel;
    private final int directory;
    private final int status;
    private final String container;

    private ContainerProcess(Kernel kernel, int directory, int status, String container) {
        this.kernel = kernel;
        this.directory = directory;
        this.status = status;
        this.container = container;
    }

    /// The same, for another thread: that of `kernel`. Only one of them is to be closed.
    public ContainerProcess withKernel(Kernel other) {
        return new ContainerProcess(other, directory, status, container);
    }

    /// Takes hold of a process.
    ///
    /// @param proc where procfs is mounted
    /// @param container its id
    /// @return empty if there is no such process, or if it is none of the container's
    public static Optional<ContainerProcess> pin(
            Kernel kernel, String proc, long pid, String container) {
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
        // Kept open, since it is read again and again by who keeps the target.
        long status = kernel.open((int) fd, "status", Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
        ContainerProcess target = new ContainerProcess(kernel, (int) fd, (int) status, container);
        if (target.belongsToContainer(proc)) {
            return Optional.of(target);
        }
        target.close();
        return Optional.empty();
    }

    /// Engines name a container's cgroup after it. Where cgroups have no such names, the files that
    /// an engine binds into a container come from a directory that has, and so does the bundle that
    /// it was started from. A process with the same number on another machine has none of these.
    private boolean belongsToContainer(String proc) {
        String cgroup = readText("cgroup", MAX_BYTES).orElse("");
        return cgroup.contains(container)
                || (!CONTAINER_ID.matcher(cgroup).find()
                        && (readText("mountinfo", MAX_TABLE_BYTES)
                                        .filter(t -> t.contains("/" + container))
                                        .isPresent()
                                || hasBundle(proc)));
    }

    private boolean hasBundle(String proc) {
        int starter = status().map(ProcessStatus::parentPid).orElse(0);
        long process =
                starter <= 0
                        ? -1
                        : kernel.open(
                                Kernel.AT_FDCWD,
                                proc + "/" + starter,
                                Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                                0);
        try {
            return process >= 0
                    && new OciBundle(kernel, kernel.files())
                            .find((int) process, container)
                            .isPresent();
        } finally {
            kernel.close(process);
        }
    }

    private Optional<String> readText(String name, int max) {
        return kernel.readText(directory, name, max);
    }

    /// Its mount table as the kernel prints it, cut where it is longer than any that is read.
    public Optional<String> mountTableText() {
        return readText("mountinfo", MAX_TABLE_BYTES);
    }

    /// The id of the container.
    public String container() {
        return container;
    }

    public Optional<ProcessStatus> status() {
        return status < 0
                ? Optional.empty()
                : kernel.readText(status, MAX_BYTES).flatMap(ProcessStatus::parse);
    }

    /// Whether its first thread has ended, though others may live: then nothing tells its
    /// namespaces. proc_pid_status(5).
    public boolean hasEnded() {
        return readText("status", MAX_BYTES)
                .filter(t -> t.contains("\nState:\tZ") || t.contains("\nState:\tX"))
                .isPresent();
    }

    /// Which user namespace it is in, as the kernel numbers them; empty if it has ended.
    public Optional<String> userNamespace() {
        return kernel.readLink(directory, "ns/user");
    }

    public IdMap uids() {
        return IdMap.parse(readText("uid_map", MAX_BYTES).orElse(""));
    }

    public IdMap gids() {
        return IdMap.parse(readText("gid_map", MAX_BYTES).orElse(""));
    }

    /// What a security module calls it; empty where none does.
    public String securityLabel() {
        return readText("attr/current", MAX_BYTES).map(t -> t.replace("\0", "").strip()).orElse("");
    }

    /// The cgroups it is in: cgroups(7).
    public String cgroups() {
        return readText("cgroup", MAX_BYTES).orElse("");
    }

    /// Its directory in procfs, open.
    public int directory() {
        return directory;
    }

    /// Its mount table, open, to be closed: as long as it is, its namespace lives.
    ///
    /// @return a negative errno if it cannot be had
    public long openMountTable() {
        return kernel.open(directory, "mountinfo", Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
    }

    @Override
    public void close() {
        kernel.close(status);
        kernel.close(directory);
    }
}
