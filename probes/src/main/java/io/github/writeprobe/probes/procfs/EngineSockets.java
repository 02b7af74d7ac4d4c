package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// The sockets that engines on this machine listen on, known by what they are and not by a name:
/// those that this process asks, and those in the places where engines put theirs.
final class EngineSockets {
    /// What engines call them.
    static final Set<String> NAMES =
            Set.of(
                    "docker.sock",
                    "podman.sock",
                    "containerd.sock",
                    "crio.sock",
                    "dockershim.sock",
                    "cri-dockerd.sock",
                    "buildkitd.sock");

    /// Where engines put them in a directory of theirs, or in one that they are given.
    static final List<String> DIRECTORIES =
            List.of(
                    "docker",
                    "containerd",
                    "docker/containerd",
                    "podman",
                    "crio",
                    "buildkit",
                    "k3s/containerd",
                    "run");

    /// An engine that is started again makes its socket anew.
    private static final Duration OLDEST = Duration.ofSeconds(5);

    private final String proc;
    private final HostTable.Kept own;
    private final Set<String> asked = new ConcurrentSkipListSet<>();
    private List<Known> known = List.of();
    private Set<String> knownAsked = Set.of();
    private long at;

    /// A socket.
    ///
    /// @param path by which it was found
    /// @param place empty where the kernel does not tell
    /// @param asked whether it counts as one that this process asks
    record Known(
            String path, long device, long inode, Optional<HostTable.Place> place, boolean asked) {
        boolean is(FileStatus status) {
            return status.socket() && status.inode() == inode && status.device() == device;
        }

        boolean in(MountEntry mount) {
            return place.filter(p -> p.in(mount)).isPresent();
        }
    }

    /// @param proc where procfs is mounted
    EngineSockets(String proc) {
        this.proc = proc;
        this.own = new HostTable.Kept(proc + "/self/mountinfo");
    }

    /// From now on this one is known too.
    ///
    /// @param socket its path, as this process has it
    void ask(String socket) {
        asked.add(socket);
    }

    /// @param host the machine's mount table
    synchronized List<Known> now(Kernel kernel, HostTable host) {
        boolean old = System.nanoTime() - at > OLDEST.toNanos();
        if (old || at == 0 || !knownAsked.equals(asked)) {
            knownAsked = Set.copyOf(asked);
            known = find(kernel, host);
            at = System.nanoTime();
        }
        return known;
    }

    private List<Known> find(Kernel kernel, HostTable host) {
        List<Known> found = new ArrayList<>();
        for (String socket : knownAsked) {
            long fd = kernel.open(Kernel.AT_FDCWD, socket, Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
            known(kernel, fd, socket, own.now(kernel), true).ifPresent(found::add);
        }
        long root =
                kernel.open(Kernel.AT_FDCWD, proc + "/1/root", Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (root < 0) {
            return found;
        }
        try {
            for (String path : usual()) {
                long fd =
                        kernel.openIn(
                                (int) root,
                                path,
                                Kernel.O_PATH | Kernel.O_CLOEXEC,
                                0,
                                Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS);
                known(kernel, fd, path, host, false).ifPresent(found::add);
            }
        } finally {
            kernel.close(root);
        }
        return found;
    }

    private static List<String> usual() {
        List<String> paths = new ArrayList<>();
        for (String name : NAMES) {
            paths.add("/run/" + name);
            DIRECTORIES.forEach(d -> paths.add("/run/" + d + "/" + name));
        }
        return paths;
    }

    private static Optional<Known> known(
            Kernel kernel, long fd, String path, HostTable table, boolean asked) {
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return kernel.files()
                    .status((int) fd)
                    .filter(FileStatus::socket)
                    .map(s ->
                            new Known(
                                    path,
                                    s.device(),
                                    s.inode(),
                                    kernel.nameOf((int) fd).flatMap(n -> table.place(s, n)),
                                    asked));
        } finally {
            kernel.close(fd);
        }
    }
}
