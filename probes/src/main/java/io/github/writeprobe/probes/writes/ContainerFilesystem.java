package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.container.EngineMountNamespaceCheck;
import io.github.writeprobe.probes.container.MountNamespaceRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.container.ProcessNamespaceReader;
import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;

/// The open filesystem of a container: its first process, the root directory of the mount namespace
/// that the engine created for it, and its mount table.
///
/// As long as it is open, the mount namespace stays alive, even if all processes of the container
/// have ended. So its files can still be inspected afterwards. Must be used on the thread of its
/// kernel.
final class ContainerFilesystem implements AutoCloseable {
    /// The suffix that the kernel appends to the name of a deleted file: `d_path`.
    static final String DELETED_SUFFIX = " (deleted)";

    private static final String PROC = "/proc";
    private static final int MAX_ATTEMPTS = 4;
    private static final int EAGAIN = -11;

    private final LinuxSyscalls kernel;
    private final ContainerProcessHandle target;
    private final MountTableCache tables = new MountTableCache();
    private final int root;
    private final String rootPath;
    private final int mountTableFd;
    private final int pidfd;

    private ContainerFilesystem(
            LinuxSyscalls kernel,
            ContainerProcessHandle target,
            int root,
            String rootPath,
            int mountTableFd,
            int pidfd) {
        this.kernel = kernel;
        this.target = target;
        this.root = root;
        this.rootPath = rootPath;
        this.mountTableFd = mountTableFd;
        this.pidfd = pidfd;
    }

    /// The result of opening the filesystem of a container.
    ///
    /// @param filesystem empty if it cannot be opened
    /// @param reason why it cannot be opened, for people
    /// @param foreign whether its process is in a mount namespace that the engine did not create:
    ///   then the container's files cannot be seen through it
    record OpenResult(Optional<ContainerFilesystem> filesystem, String reason, boolean foreign) {
        private static OpenResult failed(String reason) {
            return new OpenResult(Optional.empty(), reason, false);
        }
    }

    static OpenResult openContainer(LinuxSyscalls kernel, long pid, String container) {
        if (pid <= 0) {
            return OpenResult.failed("it is not running");
        }
        Optional<ContainerProcessHandle> target =
                ContainerProcessHandle.pin(kernel, PROC, pid, container);
        if (target.isEmpty()) {
            return notFound(pid);
        }
        OpenResult result = openContainer(kernel, pid, target.get());
        if (result.filesystem().isEmpty()) {
            target.get().close();
        }
        return result;
    }

    private static OpenResult notFound(long pid) {
        return OpenResult.failed(
                "process "
                        + pid
                        + " does not belong to the container: it has ended, or the engine runs on"
                        + " another host or in another PID namespace");
    }

    private static OpenResult openContainer(
            LinuxSyscalls kernel, long pid, ContainerProcessHandle target) {
        return switch (root(kernel, target, new MountTableCache())) {
            case MountNamespaceRoot.Gone() -> notFound(pid);
            case MountNamespaceRoot.TooLarge() -> OpenResult.failed("its mount table is too large");
            case MountNamespaceRoot.Chroot() ->
                    OpenResult.failed(
                            "its first process is in a chroot: reading the files outside of it"
                                    + " needs CAP_SYS_ADMIN and CAP_SYS_CHROOT");
            case MountNamespaceRoot.Open open -> {
                OpenResult result = openContainer(kernel, pid, target, open);
                if (result.filesystem().isEmpty()) {
                    kernel.close(open.fd());
                }
                yield result;
            }
        };
    }

    private static OpenResult openContainer(
            LinuxSyscalls kernel,
            long pid,
            ContainerProcessHandle target,
            MountNamespaceRoot.Open root) {
        Optional<ProcessStatus> status = target.status();
        Optional<String> mount =
                new ProcessNamespaceReader(kernel, kernel.files())
                        .mountNamespace(target.directory());
        if (status.isEmpty() || mount.isEmpty()) {
            return notFound(pid);
        }
        EngineMountNamespaceCheck check =
                new EngineMountNamespaceCheck(kernel, kernel.files(), PROC);
        if (check.check(
                        target,
                        mount.get(),
                        status.get().parentPid(),
                        target.container(),
                        false,
                        root)
                instanceof EngineMountNamespaceCheck.Result.Foreign(String reason)) {
            return new OpenResult(Optional.empty(), reason, true);
        }
        long pidfd = kernel.pidfd((int) pid);
        long mountTableFd = target.openMountTable();
        if (pidfd < 0 || mountTableFd < 0) {
            kernel.close(pidfd);
            kernel.close(mountTableFd);
            return notFound(pid);
        }
        String rootPath = kernel.pathOf(root.fd()).orElse("/");
        return new OpenResult(
                Optional.of(
                        new ContainerFilesystem(
                                kernel,
                                target,
                                root.fd(),
                                rootPath,
                                (int) mountTableFd,
                                (int) pidfd)),
                "",
                false);
    }

    private static MountNamespaceRoot root(
            LinuxSyscalls kernel, ContainerProcessHandle target, MountTableCache tables) {
        try {
            return MountNamespaceRoot.open(
                    kernel,
                    kernel.files(),
                    PROC,
                    target.directory(),
                    Optional.empty(),
                    text -> tables.parse(target.container(), text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new MountNamespaceRoot.Gone();
        }
    }

    LinuxSyscalls kernel() {
        return kernel;
    }

    FileMetadataSyscalls fileCalls() {
        return kernel.files();
    }

    ContainerProcessHandle target() {
        return target;
    }

    /// The descriptor of the mount table, to wait for changes.
    int mountTableFd() {
        return mountTableFd;
    }

    /// The descriptor of the process, to wait for its end.
    int pidfd() {
        return pidfd;
    }

    /// @return empty once its first process has ended
    Optional<MountTable> mounts() {
        if (!(root(kernel, target, tables) instanceof MountNamespaceRoot.Open open)) {
            return Optional.empty();
        }
        kernel.close(open.fd());
        return Optional.of(open.table());
    }

    /// Opens the file that a path leads to in the container, and never one outside of it.
    ///
    /// @return a descriptor, or a negative errno
    long open(String path, int flags, int resolve) {
        long fd = EAGAIN;
        // EAGAIN: a file was moved during the lookup, so the kernel could not guarantee the result.
        for (int i = 0; i < MAX_ATTEMPTS && fd == EAGAIN; i++) {
            fd =
                    kernel.openIn(
                            root,
                            path,
                            flags | LinuxSyscalls.O_CLOEXEC,
                            0,
                            LinuxSyscalls.RESOLVE_IN_ROOT
                                    | LinuxSyscalls.RESOLVE_NO_MAGICLINKS
                                    | resolve);
        }
        return fd;
    }

    /// Whether the path exists. A link without a target counts as existing.
    boolean exists(String path) {
        long fd = open(path, LinuxSyscalls.O_PATH | kernel.abi().noFollow, 0);
        kernel.close(fd);
        return fd >= 0;
    }

    /// The path in the container of a file, given the kernel's name of it.
    ///
    /// @return empty if the file is not below the container's root directory
    Optional<String> containerPath(String name) {
        if (!name.startsWith("/")) {
            return Optional.empty();
        }
        if (rootPath.equals("/")) {
            return Optional.of(name);
        }
        return MountTable.isAtOrBelow(name, rootPath)
                ? Optional.of(name.equals(rootPath) ? "/" : name.substring(rootPath.length()))
                : Optional.empty();
    }

    /// The path in the container of an open file, which may be deleted.
    Optional<String> containerPath(String name, FileStatus status) {
        Optional<String> path = containerPath(name);
        if (!name.endsWith(DELETED_SUFFIX)
                || (status.linkCount() > 0 && path.filter(this::exists).isPresent())) {
            return path;
        }
        return path.map(p -> p.substring(0, p.length() - DELETED_SUFFIX.length()));
    }

    @Override
    public void close() {
        kernel.close(root);
        kernel.close(mountTableFd);
        kernel.close(pidfd);
        target.close();
    }
}
