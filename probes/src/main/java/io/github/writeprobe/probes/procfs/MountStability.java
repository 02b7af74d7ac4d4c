package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcess;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.Optional;

/// Whether a container's mounts stay as they are for a while. Its mount table is polled, so a mount
/// that comes and is gone again shows too: see proc_pid_mountinfo(5).
public final class MountStability implements AutoCloseable {
    /// Of what nobody can look at.
    static final MountStability UNKNOWN = new MountStability(Optional.empty());

    private final Optional<Watched> watched;

    private record Watched(Kernel kernel, int epoll, int table) {}

    private MountStability(Optional<Watched> watched) {
        this.watched = watched;
    }

    /// From now on.
    static MountStability watch(Abi abi, String proc, long pid, String container) {
        Kernel kernel = new Kernel(abi);
        long table =
                ContainerProcess.pin(kernel, proc, pid, container)
                        .map(MountStability::openMountTable)
                        .orElse(-1L);
        if (table < 0) {
            return UNKNOWN;
        }
        Watched watched = new Watched(kernel, (int) kernel.epoll(), (int) table);
        kernel.watch(watched.epoll(), watched.table(), Kernel.EPOLLPRI | Kernel.EPOLLERR, table);
        return new MountStability(Optional.of(watched));
    }

    private static long openMountTable(ContainerProcess target) {
        try (target) {
            return target.openMountTable();
        }
    }

    /// Whether nothing was mounted, unmounted or remounted so far, by all that can be known.
    public boolean isUnchanged() {
        return watched.filter(w -> w.kernel().await(w.epoll(), 0).length > 0).isEmpty();
    }

    @Override
    public void close() {
        watched.ifPresent(w -> {
            w.kernel().close(w.epoll());
            w.kernel().close(w.table());
        });
    }
}
