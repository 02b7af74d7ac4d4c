package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.Optional;
import java.util.regex.Pattern;

/// A process of a container, pinned by its open directory `/proc/PID`.
///
/// An open `/proc/PID` directory keeps referring to the process it was opened for: after the
/// process has ended, every access fails with ESRCH, even if its PID was reused. Whether the
/// process belongs to the container is read from that same directory, so that no other process is
/// ever probed. Must be used on the thread of its kernel.
public final class ContainerProcessHandle implements AutoCloseable {
    /// Enough for a table of two thousand mounts with long names.
    private static final int MAX_TABLE_BYTES = 1 << 20;

    /// Enough for a status with as many groups as the kernel allows.
    private static final int MAX_BYTES = 1 << 20;

    private static final Pattern CONTAINER_ID = Pattern.compile("[0-9a-f]{64}");

    private final LinuxSyscalls kernel;
    private final int directory;
    private final int status;
    private final String container;

    private ContainerProcessHandle(
            LinuxSyscalls kernel, int directory, int status, String container) {
        this.kernel = kernel;
        this.directory = directory;
        this.status = status;
        this.container = container;
    }

    /// The same process for use on another thread, that of `other`. Close only one of the two.
    public ContainerProcessHandle withKernel(LinuxSyscalls other) {
        return new ContainerProcessHandle(other, directory, status, container);
    }

    /// Opens a process.
    ///
    /// @param proc where procfs is mounted
    /// @param container the container's id
    /// @return empty if there is no such process, or if it does not belong to the container
    public static Optional<ContainerProcessHandle> pin(
            LinuxSyscalls kernel, String proc, long pid, String container) {
        long fd = kernel.openProcess(proc, pid);
        if (fd < 0) {
            return Optional.empty();
        }
        // Kept open, since a cached target reads it in each cycle.
        long status =
                kernel.open(
                        (int) fd, "status", LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC, 0);
        ContainerProcessHandle target =
                new ContainerProcessHandle(kernel, (int) fd, (int) status, container);
        if (target.belongsToContainer(proc)) {
            return Optional.of(target);
        }
        target.close();
        return Optional.empty();
    }

    /// Engines name a container's cgroup after its id. If cgroups have no such names, the files
    /// that an engine bind-mounts into a container come from a directory with that name, and so
    /// does its OCI bundle. A process with the same PID on another host has none of these.
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
        long process = kernel.openProcess(proc, starter);
        try {
            return process >= 0
                    && new OciRootfsFinder(kernel, kernel.files())
                            .find((int) process, container)
                            .isPresent();
        } finally {
            kernel.close(process);
        }
    }

    private Optional<String> readText(String name, int max) {
        return kernel.readText(directory, name, max);
    }

    /// Its mount table as the kernel prints it, truncated if it exceeds the limit.
    public Optional<String> mountTableText() {
        return readText("mountinfo", MAX_TABLE_BYTES);
    }

    /// The id of the container.
    public String container() {
        return container;
    }

    public Optional<ProcessStatus> status() {
        return statusText().flatMap(ProcessStatus::parse);
    }

    /// The text of its status; empty if it has ended.
    public Optional<String> statusText() {
        return status < 0 ? Optional.empty() : kernel.readRecord(status);
    }

    /// Whether its first thread has ended. Other threads may still run, but its namespaces can no
    /// longer be read: proc_pid_status(5).
    public boolean hasEnded() {
        return readText("status", MAX_BYTES)
                .filter(t -> t.contains("\nState:\tZ") || t.contains("\nState:\tX"))
                .isPresent();
    }

    /// The user namespace that it is in, as the kernel numbers them; empty if the process has
    /// ended.
    public Optional<String> userNamespace() {
        return kernel.readLink(directory, "ns/user");
    }

    /// The mount namespace that it is in, as the kernel numbers them; empty if the process has
    /// ended.
    public Optional<String> mountNamespace() {
        return kernel.readLink(directory, "ns/mnt");
    }

    public IdMap uids() {
        return IdMap.parse(readText("uid_map", MAX_BYTES).orElse(""));
    }

    public IdMap gids() {
        return IdMap.parse(readText("gid_map", MAX_BYTES).orElse(""));
    }

    /// Its label by a security module; empty if there is none.
    public String securityLabel() {
        return readText("attr/current", MAX_BYTES).map(t -> t.replace("\0", "").strip()).orElse("");
    }

    /// The cgroups it is in: cgroups(7).
    public String cgroups() {
        return readText("cgroup", MAX_BYTES).orElse("");
    }

    /// The descriptor of its directory in procfs.
    public int directory() {
        return directory;
    }

    /// Opens its mount table. The caller closes it. While it is open, the mount namespace stays
    /// alive.
    ///
    /// @return a descriptor, or a negative errno
    public long openMountTable() {
        return kernel.open(
                directory, "mountinfo", LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC, 0);
    }

    @Override
    public void close() {
        kernel.close(status);
        kernel.close(directory);
    }
}
