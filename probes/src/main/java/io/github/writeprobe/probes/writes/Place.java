package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.container.Tables;
import io.github.writeprobe.probes.container.Target;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;

/// A container as one thread holds it: its first process, its root directory, its mount table.
///
/// As long as it is held, its mount namespace lives, even if all its processes have ended: so what
/// became of its files can be looked up afterwards. Belongs to the thread of its kernel.
final class Place implements AutoCloseable {
    /// What the kernel adds to a name that is no more: `d_path`.
    static final String DELETED = " (deleted)";

    private static final int TRIES = 4;
    private static final int EAGAIN = -11;

    private final Kernel kernel;
    private final FileCalls calls;
    private final Target target;
    private final Tables tables = new Tables();
    private final int root;
    private final String rootName;
    private final int table;
    private final int process;

    private Place(Kernel kernel, Target target, int root, String rootName, int table, int process) {
        this.kernel = kernel;
        this.calls = new FileCalls(kernel);
        this.target = target;
        this.root = root;
        this.rootName = rootName;
        this.table = table;
        this.process = process;
    }

    /// @return empty if the process is none of the container's here
    static Optional<Place> hold(Kernel kernel, long pid, String container) {
        Optional<Target> target = Target.pin(kernel, "/proc", pid, container);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        long process = kernel.pidfd((int) pid);
        long root = target.get().root();
        long table = target.get().mountTable();
        if (process < 0 || root < 0 || table < 0) {
            kernel.close(process);
            kernel.close(root);
            kernel.close(table);
            target.get().close();
            return Optional.empty();
        }
        String rootName = kernel.nameOf((int) root).orElse("/");
        return Optional.of(
                new Place(kernel, target.get(), (int) root, rootName, (int) table, (int) process));
    }

    Kernel kernel() {
        return kernel;
    }

    FileCalls calls() {
        return calls;
    }

    Target target() {
        return target;
    }

    /// The open mount table, to wait for changes of.
    int table() {
        return table;
    }

    /// The open process, to wait for its end.
    int process() {
        return process;
    }

    /// @return empty once its first process has ended
    Optional<MountTable> mounts() {
        return target.mountTableText().flatMap(t -> tables.of(target.container(), t));
    }

    /// Opens what a path leads to in the container; never a way out of it.
    ///
    /// @return a descriptor, or a negative errno
    long open(String path, int flags, int resolve) {
        long fd = EAGAIN;
        // EAGAIN: something was moved while the kernel was on its way, so that it cannot be sure.
        for (int i = 0; i < TRIES && fd == EAGAIN; i++) {
            fd =
                    kernel.openIn(
                            root,
                            path,
                            flags | Kernel.O_CLOEXEC,
                            0,
                            Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS | resolve);
        }
        return fd;
    }

    /// Whether there is something of that name, a link that leads nowhere included.
    boolean exists(String path) {
        long fd = open(path, Kernel.O_PATH | kernel.abi().noFollow, 0);
        kernel.close(fd);
        return fd >= 0;
    }

    /// What the container calls something that the kernel has a name for.
    ///
    /// @return empty if it is not within its root directory
    Optional<String> inside(String name) {
        if (!name.startsWith("/")) {
            return Optional.empty();
        }
        if (rootName.equals("/")) {
            return Optional.of(name);
        }
        return MountTable.isAtOrBelow(name, rootName)
                ? Optional.of(name.equals(rootName) ? "/" : name.substring(rootName.length()))
                : Optional.empty();
    }

    /// The same for an open file, which may have lost its name.
    Optional<String> inside(String name, FileStatus status) {
        Optional<String> path = inside(name);
        if (!name.endsWith(DELETED)
                || (status.links() > 0 && path.filter(this::exists).isPresent())) {
            return path;
        }
        return path.map(p -> p.substring(0, p.length() - DELETED.length()));
    }

    @Override
    public void close() {
        kernel.close(root);
        kernel.close(table);
        kernel.close(process);
        target.close();
    }
}
