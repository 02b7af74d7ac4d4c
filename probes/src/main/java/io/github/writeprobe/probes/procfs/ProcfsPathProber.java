package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// Probes paths in one container, with the credentials of the calling thread.
///
/// Symbolic links are followed within the container's root directory (`RESOLVE_IN_ROOT`). The magic
/// links of procfs are not followed, since they can lead out of it. If a path contains links, it is
/// resolved first, and the resolved path is probed without following links. So the reported path is
/// where the write happened, even if a process keeps swapping the links.
final class ProcfsPathProber {
    /// The result of one path.
    record PathResult(
            String path,
            String resolved,
            WriteResult write,
            FileExecutionResult execute,
            boolean leftover) {
        PathResult withResolved(String other) {
            return new PathResult(path, other, write, execute, leftover);
        }
    }

    private static final int OWN_RWX = 0700;
    private static final int MAX_ATTEMPTS = 4;
    private static final FileExecutionResult NOTHING_WRITTEN =
            new FileExecutionResult.Untested("nothing was written");
    private static final FileExecutionResult EXISTING_NOT_RUN =
            new FileExecutionResult.Untested("an existing file is not executed");
    private static final FileExecutionResult RAN = new FileExecutionResult.Ran();
    private static final WriteResult WRITABLE = new WriteResult.Writable();

    /// What the kernel appends to the path of a deleted file.
    private static final String DELETED = " (deleted)";

    private static final int ENOENT = -2;
    private static final int EAGAIN = -11;
    private static final int ENOTDIR = -20;
    private static final int EISDIR = -21;
    private static final int EROFS = -30;
    private static final int ELOOP = -40;
    private static final int EOPNOTSUPP = -95;

    private final LinuxSyscalls kernel;
    private final int root;
    private final MountTable table;
    private Optional<String> rootPath = Optional.empty();

    /// @param root the container's root directory
    ProcfsPathProber(LinuxSyscalls kernel, int root, MountTable table) {
        this.kernel = kernel;
        this.root = root;
        this.table = table;
    }

    /// @param allowNamedFile whether a named file may be created at a path if the filesystem does
    ///   not support unnamed files
    PathResult probe(String path, Predicate<String> allowNamedFile) {
        Optional<PathResult> result = probeWithoutLinks(path, path, allowNamedFile);
        return result.isPresent() ? result.get() : probeThroughLinks(path, allowNamedFile);
    }

    /// Whether a path still leads to the same place, and the mount there is still read-only for the
    /// calling thread. A file is not opened: the kernel is asked whether it could be, which gives
    /// EROFS for the same flag of the mount.
    boolean isStillReadOnly(CachedProcfsObservations.Place place) {
        if (!place.path().equals(place.resolved())) {
            PathResult result = probe(place.path(), _ -> false);
            return provesReadOnly(result) && result.resolved().equals(place.resolved());
        }
        long fd =
                open(
                        place.path(),
                        place.file()
                                ? LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC
                                : kernel.tmpfileFlags()
                                        | LinuxSyscalls.O_RDWR
                                        | LinuxSyscalls.O_CLOEXEC,
                        place.file() ? 0 : OWN_RWX,
                        LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        boolean readOnly =
                fd == EROFS || (fd >= 0 && place.file() && kernel.checkWritable((int) fd) == EROFS);
        kernel.close(fd);
        return readOnly;
    }

    /// Whether the way to a path stays on the mount at `/`, and contains no link.
    boolean staysOnRootMount(String path) {
        long fd =
                open(
                        path,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0,
                        LinuxSyscalls.RESOLVE_NO_SYMLINKS | LinuxSyscalls.RESOLVE_NO_XDEV);
        kernel.close(fd);
        return fd >= 0;
    }

    /// Resolves the links first, and then probes the resolved path.
    private PathResult probeThroughLinks(String path, Predicate<String> allowNamedFile) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            long fd = open(path, LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0, 0);
            if (fd == ENOENT) {
                return result(
                        path,
                        path,
                        isLink(path)
                                ? unexpected("a symbolic link whose target does not exist")
                                : new WriteResult.Absent());
            }
            if (fd == ELOOP) {
                return result(path, path, unexpected("a symbolic link that is not followed"));
            }
            if (fd < 0) {
                return result(path, path, refused(fd, false));
            }
            Optional<String> resolved = pathOf(fd);
            if (resolved.isEmpty()) {
                return result(path, path, unexpected("its target could not be determined"));
            }
            Optional<PathResult> found = probeWithoutLinks(path, resolved.get(), allowNamedFile);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return result(
                path,
                path,
                new WriteResult.Inconclusive(
                        InconclusiveCause.CHANGED, "its symbolic links keep changing"));
    }

    /// The path of an open file in the container. Closes the descriptor.
    private Optional<String> pathOf(long fd) {
        try {
            return kernel.pathOf((int) fd)
                    .map(name ->
                            name.endsWith(DELETED) && isDeleted((int) fd)
                                    ? name.substring(0, name.length() - DELETED.length())
                                    : name)
                    .flatMap(this::containerPath);
        } finally {
            kernel.close(fd);
        }
    }

    private boolean isDeleted(int fd) {
        return kernel.status(fd).filter(s -> s.linkCount() == 0).isPresent();
    }

    /// Replaces the resolved path with the one that writeprobe itself sees: its own credentials may
    /// follow more links.
    PathResult withResolvedPath(PathResult result) {
        long fd = open(result.path(), LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0, 0);
        return fd < 0 ? result : pathOf(fd).map(result::withResolved).orElse(result);
    }

    /// Whether the last component of the path itself is a link.
    private boolean isLink(String path) {
        int flags = LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC | kernel.abi().noFollow;
        long fd = open(path, flags, 0, 0);
        if (fd >= 0) {
            kernel.close(fd);
        }
        return fd >= 0;
    }

    private Optional<String> containerPath(String name) {
        // The kernel's name of the root directory: `/` unless the process is in a chroot. It is
        // read only when it is needed.
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

    /// @return empty if the path contains a link
    private Optional<PathResult> probeWithoutLinks(
            String path, String resolved, Predicate<String> allowNamedFile) {
        long fd =
                open(
                        resolved,
                        kernel.tmpfileFlags() | LinuxSyscalls.O_RDWR | LinuxSyscalls.O_CLOEXEC,
                        OWN_RWX,
                        LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        if (fd != EROFS && fd != ENOTDIR && isDeletedMount(resolved)) {
            kernel.close(fd);
            return Optional.of(
                    result(
                            path,
                            resolved,
                            new WriteResult.Inconclusive(InconclusiveCause.DELETED, "")));
        }
        if (fd >= 0) {
            return Optional.of(writeTo(path, resolved, (int) fd, false));
        }
        return switch ((int) fd) {
            case ELOOP -> Optional.empty();
            case ENOENT -> Optional.of(result(path, resolved, new WriteResult.Absent()));
            case ENOTDIR -> probeExisting(path, resolved);
            case EOPNOTSUPP, EISDIR -> Optional.of(probeNamedFile(path, resolved, allowNamedFile));
            default -> Optional.of(result(path, resolved, refused(fd, false)));
        };
    }

    /// Some filesystems create unnamed files in a deleted directory, where nobody can create a
    /// named one. A deleted file can be opened and written as before.
    private boolean isDeletedMount(String resolved) {
        return table.hasDeletedRoots()
                && table.mountAt(resolved).filter(MountEntry::isRootDeleted).isPresent();
    }

    private PathResult writeTo(String path, String resolved, int fd, boolean leftover) {
        try {
            if (isOnOtherMount(fd, resolved)) {
                return new PathResult(
                        path,
                        resolved,
                        new WriteResult.Inconclusive(
                                InconclusiveCause.CHANGED,
                                "something was mounted or unmounted there"),
                        NOTHING_WRITTEN,
                        leftover);
            }
            long writeResult = kernel.writeProbeBytes(fd);
            long executeResult = kernel.checkExecutable(fd);
            WriteResult write = writeResult < 0 ? refused(writeResult, true) : WRITABLE;
            FileExecutionResult execute =
                    executeResult == 0
                            ? RAN
                            : Errno.fromNumber((int) -executeResult)
                                    .<FileExecutionResult>map(FileExecutionResult.Refused::new)
                                    .orElseGet(() ->
                                            new FileExecutionResult.Untested(
                                                    "errno " + -executeResult));
            return new PathResult(path, resolved, write, execute, leftover);
        } finally {
            kernel.close(fd);
        }
    }

    /// Whether the file was created on another mount than the table has there: one that was mounted
    /// and unmounted again between two reads of the table. Linux before 5.8 does not tell.
    private boolean isOnOtherMount(int fd, String resolved) {
        long mount = kernel.files().status(fd).map(FileStatus::mountId).orElse(0L);
        return mount != 0 && table.mountCovering(resolved).map(MountEntry::id).orElse(0) != mount;
    }

    /// Creates a named file and removes it at once, for filesystems that do not support unnamed
    /// files.
    private PathResult probeNamedFile(
            String path, String resolved, Predicate<String> allowNamedFile) {
        boolean kernelFilesystem =
                table.mountCovering(resolved).filter(MountEntry::isKernelFilesystem).isPresent();
        if (kernelFilesystem || !allowNamedFile.test(path)) {
            return result(
                    path,
                    resolved,
                    unexpected(
                            "the filesystem does not support unnamed files, and no named file is"
                                    + " created here"));
        }
        long directory =
                open(
                        resolved,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                        0,
                        LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        if (directory < 0) {
            return result(path, resolved, refused(directory, false));
        }
        try {
            String name = ".writeprobe-" + UUID.randomUUID();
            long fd =
                    kernel.open(
                            (int) directory,
                            name,
                            LinuxSyscalls.O_CREAT
                                    | LinuxSyscalls.O_EXCL
                                    | LinuxSyscalls.O_RDWR
                                    | LinuxSyscalls.O_CLOEXEC,
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

    /// An existing file is opened only if it is a regular file and a mount point. It is opened
    /// through the descriptor that was inspected and not by its name, which may now be that of a
    /// FIFO.
    private Optional<PathResult> probeExisting(String path, String resolved) {
        long fd =
                open(
                        resolved,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0,
                        LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        if (fd == ELOOP) {
            return Optional.empty();
        }
        if (fd == ENOENT || fd == ENOTDIR) {
            return Optional.of(result(path, resolved, new WriteResult.Absent()));
        }
        if (fd < 0) {
            return Optional.of(result(path, resolved, refused(fd, false)));
        }
        try {
            Optional<LinuxSyscalls.Status> status = kernel.status((int) fd);
            if (status.isEmpty() || status.get().isDirectory()) {
                return Optional.of(
                        result(
                                path,
                                resolved,
                                new WriteResult.Inconclusive(InconclusiveCause.CHANGED, "")));
            }
            if (!status.get().isRegularFile()) {
                return Optional.of(
                        result(
                                path,
                                resolved,
                                new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, "")));
            }
            if (!table.isMountPoint(resolved)) {
                return Optional.of(
                        result(
                                path,
                                resolved,
                                new WriteResult.Inconclusive(InconclusiveCause.IMAGE_FILE, "")));
            }
            long opened =
                    kernel.open(
                            LinuxSyscalls.AT_FDCWD,
                            "/proc/self/fd/" + fd,
                            LinuxSyscalls.O_WRONLY
                                    | LinuxSyscalls.O_NONBLOCK
                                    | LinuxSyscalls.O_NOCTTY
                                    | LinuxSyscalls.O_CLOEXEC,
                            0);
            kernel.close(opened);
            return Optional.of(
                    opened < 0
                            ? new PathResult(
                                    path,
                                    resolved,
                                    refusedFile((int) fd, opened),
                                    EXISTING_NOT_RUN,
                                    false)
                            : new PathResult(path, resolved, WRITABLE, EXISTING_NOT_RUN, false));
        } finally {
            kernel.close(fd);
        }
    }

    /// Before the kernel checks the mount, it checks permissions, and whether the file is a program
    /// that runs.
    private WriteResult refusedFile(int fd, long error) {
        long mountError = error == EROFS ? error : kernel.removeMissingAttribute(fd);
        return refused(mountError == EROFS ? mountError : error, false);
    }

    private long open(String path, int flags, int mode, int resolve) {
        long fd = EAGAIN;
        // EAGAIN: a file was moved during the lookup, so the kernel could not guarantee the result.
        for (int i = 0; i < MAX_ATTEMPTS && fd == EAGAIN; i++) {
            fd =
                    kernel.openIn(
                            root,
                            path,
                            flags,
                            mode,
                            LinuxSyscalls.RESOLVE_IN_ROOT
                                    | LinuxSyscalls.RESOLVE_NO_MAGICLINKS
                                    | resolve);
        }
        return fd;
    }

    /// The owner of the file that a path leads to, read with writeprobe's own credentials.
    Optional<LinuxSyscalls.Status> owner(String path) {
        long fd = open(path, LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0, 0);
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

    /// Whether permissions prevented the write, so that nothing is known about the mount.
    static boolean isPermissionDenied(PathResult result) {
        return result.write() instanceof WriteResult.Refused r && r.errno().isPermission();
    }

    /// Whether a result of an attempt is about a file that existed.
    static boolean isOfFile(FileExecutionResult execute) {
        return execute.equals(EXISTING_NOT_RUN);
    }

    static boolean provesReadOnly(PathResult result) {
        return result.write().provesReadOnly();
    }

    private static PathResult result(String path, String resolved, WriteResult write) {
        return new PathResult(path, resolved, write, NOTHING_WRITTEN, false);
    }

    private static WriteResult.Inconclusive unexpected(String detail) {
        return new WriteResult.Inconclusive(InconclusiveCause.UNEXPECTED_ERROR, detail);
    }

    private static WriteResult refused(long error, boolean created) {
        Optional<Errno> errno = Errno.fromNumber((int) -error);
        boolean conclusive = created || errno.filter(Errno::isRefusal).isPresent();
        return errno.isPresent() && conclusive
                ? new WriteResult.Refused(errno.get(), created, "")
                : unexpected(errno.map(Errno::name).orElse("errno " + -error));
    }
}
