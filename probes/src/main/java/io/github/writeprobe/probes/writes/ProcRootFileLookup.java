package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A container's files, read from the root of the mount namespace that the engine created for it.
///
/// Nothing of the container stays open between two queries. A query that takes longer than some
/// seconds has no result; on a filesystem that hangs, its thread stays blocked.
public final class ProcRootFileLookup implements FileLookup {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /// The id that the kernel shows for an unmapped id: `/proc/sys/kernel/overflowuid`.
    private static final long NOBODY = 65_534;

    private static final int MAX_ENTRIES = 100_000;

    private final SyscallTimeoutExecutor threads;
    private final long pid;
    private final String container;

    private ProcRootFileLookup(SyscallTimeoutExecutor threads, long pid, String container) {
        this.threads = threads;
        this.pid = pid;
        this.container = requireNonNull(container);
    }

    /// @param pid of the container's first process
    /// @param container the container's id
    /// @return empty if its files cannot be reached from here
    public static Optional<FileLookup> of(long pid, String container) {
        return switch (SyscallAvailability.detect()) {
            case SyscallAvailability.Unavailable _ -> Optional.empty();
            case SyscallAvailability.Available access ->
                    OwnPrivilegeCheck.missingToReadFiles(access.kernel(), access.self()).isPresent()
                            ? Optional.empty()
                            : ifReadable(
                                    new ProcRootFileLookup(
                                            new SyscallTimeoutExecutor(access.abi()),
                                            pid,
                                            container));
        };
    }

    /// Why the files of a container cannot be seen, although its first process can: the process is
    /// in a mount namespace that the engine did not create for the container, like the process of a
    /// sandbox.
    ///
    /// @param pid of the container's first process
    /// @param container the container's id
    /// @return empty if the files can be seen, or if that is unknown
    public static Optional<String> hiddenReason(long pid, String container) {
        return switch (SyscallAvailability.detect()) {
            case SyscallAvailability.Unavailable _ -> Optional.empty();
            case SyscallAvailability.Available access ->
                    OwnPrivilegeCheck.missingToReadFiles(access.kernel(), access.self()).isPresent()
                            ? Optional.empty()
                            : new SyscallTimeoutExecutor(access.abi())
                                    .call(
                                            TIMEOUT,
                                            kernel -> {
                                                ContainerFilesystem.OpenResult result =
                                                        ContainerFilesystem.openContainer(
                                                                kernel, pid, container);
                                                result.filesystem()
                                                        .ifPresent(ContainerFilesystem::close);
                                                return result;
                                            })
                                    .filter(ContainerFilesystem.OpenResult::foreign)
                                    .map(ContainerFilesystem.OpenResult::reason);
        };
    }

    private static Optional<FileLookup> ifReadable(ProcRootFileLookup files) {
        return files.file("/").isPresent() ? Optional.of(files) : Optional.empty();
    }

    @Override
    public Optional<FileFacts> file(String path) {
        return query(request -> request.file(path));
    }

    @Override
    public Optional<Listing> list(String path, int max) {
        return query(request -> request.list(path, Math.min(max, MAX_ENTRIES)));
    }

    private <T> Optional<T> query(Function<ContainerQuery, Optional<T>> function) {
        return threads.call(
                        TIMEOUT,
                        kernel -> {
                            Optional<ContainerFilesystem> result =
                                    ContainerFilesystem.openContainer(kernel, pid, container)
                                            .filesystem();
                            if (result.isEmpty()) {
                                return Optional.<T>empty();
                            }
                            try (ContainerFilesystem filesystem = result.get()) {
                                return function.apply(new ContainerQuery(filesystem));
                            }
                        })
                .flatMap(Function.identity());
    }

    /// One query, by one thread.
    private static final class ContainerQuery {
        private final ContainerFilesystem filesystem;
        private final IdMap uids;
        private final IdMap gids;

        ContainerQuery(ContainerFilesystem filesystem) {
            this.filesystem = filesystem;
            this.uids = filesystem.target().uids();
            this.gids = filesystem.target().gids();
        }

        Optional<FileFacts> file(String path) {
            return withOpenFile(
                    path,
                    LinuxSyscalls.O_PATH,
                    fd ->
                            filesystem
                                    .kernel()
                                    .pathOf(fd)
                                    .flatMap(filesystem::containerPath)
                                    .flatMap(name ->
                                            filesystem
                                                    .fileCalls()
                                                    .status(fd)
                                                    .map(s -> facts(name, s, ""))));
        }

        Optional<Listing> list(String path, int max) {
            return withOpenFile(
                    path,
                    LinuxSyscalls.O_RDONLY
                            | LinuxSyscalls.O_NONBLOCK
                            | filesystem.kernel().abi().directory,
                    fd ->
                            filesystem
                                    .kernel()
                                    .pathOf(fd)
                                    .flatMap(filesystem::containerPath)
                                    .map(name -> listing(fd, name, max)));
        }

        private Listing listing(int directory, String path, int max) {
            String prefix = path.endsWith("/") ? path : path + "/";
            List<String> names = filesystem.fileCalls().listNames(directory, max);
            List<FileFacts> entries = new ArrayList<>();
            for (String name : names.subList(0, Math.min(max, names.size()))) {
                filesystem
                        .fileCalls()
                        .entryStatus(directory, name)
                        .map(s ->
                                facts(
                                        prefix + name,
                                        s,
                                        s.isSymbolicLink()
                                                ? filesystem
                                                        .fileCalls()
                                                        .readLink(directory, name)
                                                        .orElse("")
                                                : ""))
                        .ifPresent(entries::add);
            }
            return new Listing(entries, names.size() <= max);
        }

        private <T> Optional<T> withOpenFile(
                String path, int flags, Function<Integer, Optional<T>> action) {
            long fd = path.startsWith("/") ? filesystem.open(path, flags, 0) : -1;
            if (fd < 0) {
                return Optional.empty();
            }
            try {
                return action.apply((int) fd);
            } finally {
                filesystem.kernel().close(fd);
            }
        }

        private FileFacts facts(String path, FileStatus status, String target) {
            return new FileFacts(
                    path,
                    type(status),
                    status.permissions(),
                    toContainerId(uids, status.uid()),
                    toContainerId(gids, status.gid()),
                    status.isRegularFile() ? status.bytes() : 0,
                    target,
                    Optional.of(Instant.ofEpochSecond(0, status.modifiedNanos())));
        }

        private static long toContainerId(IdMap ids, int hostId) {
            return ids.toContainerId(hostId).stream()
                    .mapToLong(Integer::toUnsignedLong)
                    .findFirst()
                    .orElse(NOBODY);
        }

        private static FileType type(FileStatus status) {
            return switch (status.type()) {
                case 0100000 -> FileType.REGULAR;
                case 0040000 -> FileType.DIRECTORY;
                case 0120000 -> FileType.SYMLINK;
                case 0140000 -> FileType.SOCKET;
                case 0010000 -> FileType.FIFO;
                case 0060000, 0020000 -> FileType.DEVICE;
                default -> FileType.UNKNOWN;
            };
        }
    }
}
