package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.KernelAccess;
import io.github.writeprobe.probes.kernel.Privileges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A container's files, looked at from the root of the mount namespace that the engine made for it.
///
/// Nothing of the container is held from one question to the next, and each is answered within some
/// seconds, or not at all: where a filesystem hangs, so does the thread that asks it.
public final class ProcfsFiles implements FileView {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// What the kernel shows for an id that is not mapped: `/proc/sys/kernel/overflowuid`.
    private static final long NOBODY = 65_534;

    private static final int MOST = 100_000;

    private final KernelThreadPool kernels;
    private final long pid;
    private final String container;

    private ProcfsFiles(KernelThreadPool kernels, long pid, String container) {
        this.kernels = kernels;
        this.pid = pid;
        this.container = requireNonNull(container);
    }

    /// @param pid of the container's first process
    /// @param container its id
    /// @return empty if its files cannot be reached from here
    public static Optional<FileView> of(long pid, String container) {
        return switch (KernelAccess.here()) {
            case KernelAccess.Without _ -> Optional.empty();
            case KernelAccess.Within here ->
                    Privileges.missingToLook(here.kernel(), here.own()).isPresent()
                            ? Optional.empty()
                            : reached(
                                    new ProcfsFiles(
                                            new KernelThreadPool(here.abi()), pid, container));
        };
    }

    /// Why nothing of a container can be seen, though its first process is here: that lives in
    /// mounts that the engine did not make for it, as that of a sandbox does.
    ///
    /// @param pid of the container's first process
    /// @param container its id
    /// @return empty if it can be seen, and where nobody knows
    public static Optional<String> hidden(long pid, String container) {
        return switch (KernelAccess.here()) {
            case KernelAccess.Without _ -> Optional.empty();
            case KernelAccess.Within here ->
                    Privileges.missingToLook(here.kernel(), here.own()).isPresent()
                            ? Optional.empty()
                            : new KernelThreadPool(here.abi())
                                    .within(
                                            PATIENCE,
                                            kernel -> {
                                                ContainerFilesystem.Held held =
                                                        ContainerFilesystem.hold(
                                                                kernel, pid, container);
                                                held.place().ifPresent(ContainerFilesystem::close);
                                                return held;
                                            })
                                    .filter(ContainerFilesystem.Held::foreign)
                                    .map(ContainerFilesystem.Held::why);
        };
    }

    private static Optional<FileView> reached(ProcfsFiles files) {
        return files.file("/").isPresent() ? Optional.of(files) : Optional.empty();
    }

    @Override
    public Optional<FileFacts> file(String path) {
        return asked(glance -> glance.file(path));
    }

    @Override
    public Optional<Listing> list(String path, int most) {
        return asked(glance -> glance.list(path, Math.min(most, MOST)));
    }

    private <T> Optional<T> asked(Function<Question, Optional<T>> question) {
        return kernels.within(
                        PATIENCE,
                        kernel -> {
                            Optional<ContainerFilesystem> held =
                                    ContainerFilesystem.hold(kernel, pid, container).place();
                            if (held.isEmpty()) {
                                return Optional.<T>empty();
                            }
                            try (ContainerFilesystem place = held.get()) {
                                return question.apply(new Question(place));
                            }
                        })
                .flatMap(Function.identity());
    }

    /// One question, answered by one thread.
    private static final class Question {
        private final ContainerFilesystem place;
        private final IdMap uids;
        private final IdMap gids;

        Question(ContainerFilesystem place) {
            this.place = place;
            this.uids = place.target().uids();
            this.gids = place.target().gids();
        }

        Optional<FileFacts> file(String path) {
            return opened(
                    path,
                    Kernel.O_PATH,
                    fd ->
                            place.kernel()
                                    .nameOf(fd)
                                    .flatMap(place::inside)
                                    .flatMap(name ->
                                            place.calls().status(fd).map(s -> facts(name, s, ""))));
        }

        Optional<Listing> list(String path, int most) {
            return opened(
                    path,
                    Kernel.O_RDONLY | Kernel.O_NONBLOCK | place.kernel().abi().directory,
                    fd ->
                            place.kernel()
                                    .nameOf(fd)
                                    .flatMap(place::inside)
                                    .map(name -> listing(fd, name, most)));
        }

        private Listing listing(int directory, String path, int most) {
            String prefix = path.endsWith("/") ? path : path + "/";
            List<String> names = place.calls().names(directory, most);
            List<FileFacts> entries = new ArrayList<>();
            for (String name : names.subList(0, Math.min(most, names.size()))) {
                place.calls()
                        .entry(directory, name)
                        .map(s ->
                                facts(
                                        prefix + name,
                                        s,
                                        s.link()
                                                ? place.calls().target(directory, name).orElse("")
                                                : ""))
                        .ifPresent(entries::add);
            }
            return new Listing(entries, names.size() <= most);
        }

        private <T> Optional<T> opened(
                String path, int flags, Function<Integer, Optional<T>> look) {
            long fd = path.startsWith("/") ? place.open(path, flags, 0) : -1;
            if (fd < 0) {
                return Optional.empty();
            }
            try {
                return look.apply((int) fd);
            } finally {
                place.kernel().close(fd);
            }
        }

        private FileFacts facts(String path, FileStatus status, String target) {
            return new FileFacts(
                    path,
                    type(status),
                    status.permissions(),
                    inside(uids, status.uid()),
                    inside(gids, status.gid()),
                    status.regular() ? status.bytes() : 0,
                    target);
        }

        private static long inside(IdMap ids, int outside) {
            return ids.inside(outside).stream()
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
