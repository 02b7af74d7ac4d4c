package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.Optional;

/// Detects whether a container's mounts change during a period. It polls the mount table for
/// events, so it also detects a mount that is removed again: see proc_pid_mountinfo(5).
public final class MountChangeDetector implements AutoCloseable {
    /// For a container that cannot be inspected.
    static final MountChangeDetector UNKNOWN = new MountChangeDetector(Optional.empty());

    private final Optional<Watched> watched;

    private record Watched(LinuxSyscalls kernel, int epoll, int table) {}

    private MountChangeDetector(Optional<Watched> watched) {
        this.watched = watched;
    }

    /// Starts the period.
    static MountChangeDetector watch(Abi abi, String proc, long pid, String container) {
        LinuxSyscalls kernel = new LinuxSyscalls(abi);
        long table =
                ContainerProcessHandle.pin(kernel, proc, pid, container)
                        .map(MountChangeDetector::openMountTable)
                        .orElse(-1L);
        if (table < 0) {
            return UNKNOWN;
        }
        Watched watched = new Watched(kernel, (int) kernel.epoll(), (int) table);
        kernel.watch(
                watched.epoll(),
                watched.table(),
                LinuxSyscalls.EPOLLPRI | LinuxSyscalls.EPOLLERR,
                table);
        return new MountChangeDetector(Optional.of(watched));
    }

    private static long openMountTable(ContainerProcessHandle target) {
        try (target) {
            return target.openMountTable();
        }
    }

    /// Whether no mount, unmount or remount was detected so far.
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
