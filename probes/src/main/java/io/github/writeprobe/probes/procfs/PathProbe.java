package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.UUID;

/// Tries one path after the other in one container, as whoever the thread is.
///
/// Symbolic links are followed as in the container, and never out of it (`RESOLVE_IN_ROOT`); the
/// magic ones of procfs are not followed at all, since they lead anywhere. A path that leads
/// elsewhere by a link is tried there without links: what is reported is where the write happened,
/// however fast somebody swaps them.
final class PathProbe {
    /// What one path came to.
    record PathResult(
            String path,
            String resolved,
            Write write,
            ExecutionOutcome execute,
            boolean leftover) {}

    private static final int OWN_RWX = 0700;
    private static final int MAX_ATTEMPTS = 4;
    private static final ExecutionOutcome NOTHING_WRITTEN =
            new ExecutionOutcome.Untested("nothing was written");
    private static final ExecutionOutcome EXISTING_NOT_RUN =
            new ExecutionOutcome.Untested("a file that exists is not run");
    private static final int ENOENT = -2;
    private static final int EAGAIN = -11;
    private static final int ENOTDIR = -20;
    private static final int EISDIR = -21;
    private static final int ELOOP = -40;
    private static final int EOPNOTSUPP = -95;

    private final Kernel kernel;
    private final int root;
    private final MountTable table;
    private Optional<String> rootPath = Optional.empty();

    /// @param root the container's root directory
    PathProbe(Kernel kernel, int root, MountTable table) {
        this.kernel = kernel;
        this.root = root;
        this.table = table;
    }

    /// @param allowNamedFile whether a file with a name may be created where unnamed ones cannot be
    PathResult probe(String path, boolean allowNamedFile) {
        return probeWithoutLinks(path, path, allowNamedFile)
                .orElseGet(() -> probeThroughLinks(path, allowNamedFile));
    }

    /// Where links lead is asked first, and then that is tried.
    private PathResult probeThroughLinks(String path, boolean allowNamedFile) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            long fd = open(path, Kernel.O_PATH | Kernel.O_CLOEXEC, 0, 0);
            if (fd == ENOENT) {
                return result(
                        path,
                        path,
                        isLink(path)
                                ? unexpected("a symbolic link that leads nowhere")
                                : new Write.Absent());
            }
            if (fd == ELOOP) {
                return result(path, path, unexpected("a symbolic link that is not followed"));
            }
            if (fd < 0) {
                return result(path, path, refused(fd, false));
            }
            Optional<String> resolved = pathOf(fd);
            if (resolved.isEmpty()) {
                return result(path, path, unexpected("nobody can say where it leads"));
            }
            Optional<PathResult> found = probeWithoutLinks(path, resolved.get(), allowNamedFile);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return result(path, path, new Write.Inconclusive(Cause.CHANGED, "its links change"));
    }

    /// Closes what is open, too.
    private Optional<String> pathOf(long fd) {
        try {
            return kernel.pathOf((int) fd).flatMap(this::containerPath);
        } finally {
            kernel.close(fd);
        }
    }

    /// The same, with where its path leads as the agent itself is told, who may follow more links.
    PathResult withResolvedPath(PathResult result) {
        long fd = open(result.path(), Kernel.O_PATH | Kernel.O_CLOEXEC, 0, 0);
        return fd < 0
                ? result
                : pathOf(fd)
                        .map(r ->
                                new PathResult(
                                        result.path(),
                                        r,
                                        result.write(),
                                        result.execute(),
                                        result.leftover()))
                        .orElse(result);
    }

    /// Whether it is one itself, and not only beyond one.
    private boolean isLink(String path) {
        int flags = Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().noFollow;
        long fd = open(path, flags, 0, 0);
        if (fd >= 0) {
            kernel.close(fd);
        }
        return fd >= 0;
    }

    private Optional<String> containerPath(String name) {
        // What the kernel calls the root: `/` unless the process is in a chroot. Few need it.
        if (rootPath.isEmpty()) {
            rootPath = Optional.of(kernel.pathOf(root).orElse("/"));
        }
        String top = rootPath.get();
        if (top.equals("/")) {
            return Optional.of(name);
        }
        return MountTable.isAtOrBelow(name, top)
                ? Optional.of(name.equals(top) ? "/" : name.substring(top.length()))
                : Optional.empty();
    }

    /// @return empty if there is a link on the way
    private Optional<PathResult> probeWithoutLinks(
            String path, String resolved, boolean allowNamedFile) {
        long fd =
                open(
                        resolved,
                        kernel.tmpfileFlags() | Kernel.O_RDWR | Kernel.O_CLOEXEC,
                        OWN_RWX,
                        Kernel.RESOLVE_NO_SYMLINKS);
        if (fd >= 0) {
            return Optional.of(writeTo(path, resolved, (int) fd, false));
        }
        return switch ((int) fd) {
            case ELOOP -> Optional.empty();
            case ENOENT -> Optional.of(result(path, resolved, new Write.Absent()));
            case ENOTDIR -> probeExisting(path, resolved);
            case EOPNOTSUPP, EISDIR -> Optional.of(probeNamedFile(path, resolved, allowNamedFile));
            default -> Optional.of(result(path, resolved, refused(fd, false)));
        };
    }

    private PathResult writeTo(String path, String resolved, int fd, boolean leftover) {
        try {
            long writeResult = kernel.writeProbeBytes(fd);
            long executeResult = kernel.checkExecutable(fd);
            Write write = writeResult < 0 ? refused(writeResult, true) : new Write.Writable();
            ExecutionOutcome execute =
                    executeResult == 0
                            ? new ExecutionOutcome.Ran()
                            : Errno.fromNumber((int) -executeResult)
                                    .<ExecutionOutcome>map(ExecutionOutcome.Refused::new)
                                    .orElseGet(() ->
                                            new ExecutionOutcome.Untested(
                                                    "errno " + -executeResult));
            return new PathResult(path, resolved, write, execute, leftover);
        } finally {
            kernel.close(fd);
        }
    }

    /// A file with a name, removed at once: for filesystems that have no unnamed ones.
    private PathResult probeNamedFile(String path, String resolved, boolean allowNamedFile) {
        boolean kernelFilesystem =
                table.mountCovering(resolved).filter(MountEntry::isKernelFilesystem).isPresent();
        if (!allowNamedFile || kernelFilesystem) {
            return result(
                    path,
                    resolved,
                    unexpected(
                            "the filesystem has no unnamed files, and none with a name is made"));
        }
        long directory =
                open(
                        resolved,
                        Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0,
                        Kernel.RESOLVE_NO_SYMLINKS);
        if (directory < 0) {
            return result(path, resolved, refused(directory, false));
        }
        try {
            String name = ".writeprobe-" + UUID.randomUUID();
            long fd =
                    kernel.open(
                            (int) directory,
                            name,
                            Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_RDWR | Kernel.O_CLOEXEC,
                            OWN_RWX);
            if (fd < 0) {
                return result(path, resolved, refused(fd, false));
            }
            boolean leftover = kernel.unlink((int) directory, name) < 0;
            return writeTo(path, resolved, (int) fd, leftover);
        } finally {
            kernel.close(directory);
        }
    }

    /// What is there already is only opened if it is a mount of its own, and a plain file. It is
    /// opened by what was looked at, and not by its name, which may be a FIFO's by now.
    private Optional<PathResult> probeExisting(String path, String resolved) {
        long fd = open(resolved, Kernel.O_PATH | Kernel.O_CLOEXEC, 0, Kernel.RESOLVE_NO_SYMLINKS);
        if (fd == ELOOP) {
            return Optional.empty();
        }
        if (fd == ENOENT || fd == ENOTDIR) {
            return Optional.of(result(path, resolved, new Write.Absent()));
        }
        if (fd < 0) {
            return Optional.of(result(path, resolved, refused(fd, false)));
        }
        try {
            Optional<Kernel.Status> status = kernel.status((int) fd);
            if (status.isEmpty() || status.get().isDirectory()) {
                return Optional.of(
                        result(path, resolved, new Write.Inconclusive(Cause.CHANGED, "")));
            }
            if (!status.get().isRegularFile()) {
                return Optional.of(
                        result(path, resolved, new Write.Inconclusive(Cause.SPECIAL_FILE, "")));
            }
            if (!table.isMountPoint(resolved)) {
                return Optional.of(
                        result(path, resolved, new Write.Inconclusive(Cause.IMAGE_FILE, "")));
            }
            long opened =
                    kernel.open(
                            Kernel.AT_FDCWD,
                            "/proc/self/fd/" + fd,
                            Kernel.O_WRONLY
                                    | Kernel.O_NONBLOCK
                                    | Kernel.O_NOCTTY
                                    | Kernel.O_CLOEXEC,
                            0);
            kernel.close(opened);
            return Optional.of(
                    opened < 0
                            ? result(path, resolved, refused(opened, false))
                            : new PathResult(
                                    path, resolved, new Write.Writable(), EXISTING_NOT_RUN, false));
        } finally {
            kernel.close(fd);
        }
    }

    private long open(String path, int flags, int mode, int resolve) {
        long fd = EAGAIN;
        // EAGAIN: something was moved while the kernel was on its way, so that it cannot be sure.
        for (int i = 0; i < MAX_ATTEMPTS && fd == EAGAIN; i++) {
            fd =
                    kernel.openIn(
                            root,
                            path,
                            flags,
                            mode,
                            Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS | resolve);
        }
        return fd;
    }

    /// Who owns what a path leads to, asked as the agent itself.
    Optional<Kernel.Status> owner(String path) {
        long fd = open(path, Kernel.O_PATH | Kernel.O_CLOEXEC, 0, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return kernel.status((int) fd);
        } finally {
            kernel.close(fd);
        }
    }

    boolean isMountPoint(PathResult result) {
        return table.isMountPoint(result.resolved());
    }

    /// Whether permissions stood in the way, so that nothing is known of the mount.
    static boolean isPermissionDenied(PathResult result) {
        return result.write() instanceof Write.Refused r
                && (r.errno() == Errno.EACCES || r.errno() == Errno.EPERM);
    }

    static boolean provesReadOnly(PathResult result) {
        return result.write().provesReadOnly();
    }

    private static PathResult result(String path, String resolved, Write write) {
        return new PathResult(path, resolved, write, NOTHING_WRITTEN, false);
    }

    private static Write.Inconclusive unexpected(String detail) {
        return new Write.Inconclusive(Cause.UNEXPECTED_ERROR, detail);
    }

    private static Write refused(long error, boolean created) {
        Optional<Errno> errno = Errno.fromNumber((int) -error);
        boolean conclusive =
                created
                        || errno.filter(e ->
                                        e == Errno.EACCES
                                                || e == Errno.EPERM
                                                || e.proof() != Errno.Proof.NOTHING)
                                .isPresent();
        return errno.isPresent() && conclusive
                ? new Write.Refused(errno.get(), created, "")
                : unexpected(errno.map(Errno::name).orElse("errno " + -error));
    }
}
