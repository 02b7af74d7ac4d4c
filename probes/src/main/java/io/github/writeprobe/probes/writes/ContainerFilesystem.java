package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.container.ContainerProcess;
import io.github.writeprobe.probes.container.ContainerRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.container.NamespaceCheck;
import io.github.writeprobe.probes.container.Namespaces;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Optional;

/// A container as one thread holds it: its first process, the root directory of the mount namespace
/// that the engine made for it, and the mount table.
///
/// As long as it is held, its mount namespace lives, even if all its processes have ended: so what
/// became of its files can be looked up afterwards. Belongs to the thread of its kernel.
final class ContainerFilesystem implements AutoCloseable {
    /// What the kernel adds to a name that is no more: `d_path`.
    static final String DELETED = " (deleted)";

    private static final String PROC = "/proc";
    private static final int TRIES = 4;
    private static final int EAGAIN = -11;

    private final Kernel kernel;
    private final ContainerProcess target;
    private final MountTableCache tables = new MountTableCache();
    private final int root;
    private final String rootName;
    private final int table;
    private final int process;

    private ContainerFilesystem(
            Kernel kernel,
            ContainerProcess target,
            int root,
            String rootName,
            int table,
            int process) {
        this.kernel = kernel;
        this.target = target;
        this.root = root;
        this.rootName = rootName;
        this.table = table;
        this.process = process;
    }

    /// What came of an attempt to hold a container.
    ///
    /// @param place empty if it cannot be held
    /// @param why it cannot, for people
    /// @param foreign whether its process lives where the engine made nothing: then nothing of the
    ///   container can be seen through it
    record Held(Optional<ContainerFilesystem> place, String why, boolean foreign) {
        private static Held not(String why) {
            return new Held(Optional.empty(), why, false);
        }
    }

    static Held hold(Kernel kernel, long pid, String container) {
        if (pid <= 0) {
            return Held.not("it is not running");
        }
        Optional<ContainerProcess> target = ContainerProcess.pin(kernel, PROC, pid, container);
        if (target.isEmpty()) {
            return gone(pid);
        }
        Held held = hold(kernel, pid, target.get());
        if (held.place().isEmpty()) {
            target.get().close();
        }
        return held;
    }

    private static Held gone(long pid) {
        return Held.not(
                "process "
                        + pid
                        + " is none of it here: it has ended, or the engine runs on another machine"
                        + " or in another PID namespace");
    }

    private static Held hold(Kernel kernel, long pid, ContainerProcess target) {
        return switch (root(kernel, target, new MountTableCache())) {
            case ContainerRoot.Gone() -> gone(pid);
            case ContainerRoot.TooLarge() -> Held.not("its mount table is larger than is read");
            case ContainerRoot.Chroot() ->
                    Held.not(
                            "its first process is in a chroot: to look past that takes"
                                    + " CAP_SYS_ADMIN and CAP_SYS_CHROOT");
            case ContainerRoot.Open open -> {
                Held held = hold(kernel, pid, target, open);
                if (held.place().isEmpty()) {
                    kernel.close(open.fd());
                }
                yield held;
            }
        };
    }

    private static Held hold(
            Kernel kernel, long pid, ContainerProcess target, ContainerRoot.Open root) {
        Optional<ProcessStatus> status = target.status();
        Optional<String> mount = new Namespaces(kernel, kernel.files()).mount(target.directory());
        if (status.isEmpty() || mount.isEmpty()) {
            return gone(pid);
        }
        NamespaceCheck check = new NamespaceCheck(kernel, kernel.files(), PROC);
        if (check.check(target, mount.get(), status.get().parent(), target.container(), false, root)
                instanceof NamespaceCheck.Result.Foreign(String why)) {
            return new Held(Optional.empty(), why, true);
        }
        long process = kernel.pidfd((int) pid);
        long table = target.mountTable();
        if (process < 0 || table < 0) {
            kernel.close(process);
            kernel.close(table);
            return gone(pid);
        }
        String rootName = kernel.nameOf(root.fd()).orElse("/");
        return new Held(
                Optional.of(
                        new ContainerFilesystem(
                                kernel, target, root.fd(), rootName, (int) table, (int) process)),
                "",
                false);
    }

    private static ContainerRoot root(
            Kernel kernel, ContainerProcess target, MountTableCache tables) {
        try {
            return ContainerRoot.open(
                    kernel,
                    kernel.files(),
                    PROC,
                    target.directory(),
                    Optional.empty(),
                    text -> tables.of(target.container(), text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ContainerRoot.Gone();
        }
    }

    Kernel kernel() {
        return kernel;
    }

    FileCalls calls() {
        return kernel.files();
    }

    ContainerProcess target() {
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
        if (!(root(kernel, target, tables) instanceof ContainerRoot.Open open)) {
            return Optional.empty();
        }
        kernel.close(open.fd());
        return Optional.of(open.table());
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
