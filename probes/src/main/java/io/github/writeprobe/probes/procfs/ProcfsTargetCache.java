package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcessHandle;
import io.github.writeprobe.probes.container.EngineMountNamespaceCheck;
import io.github.writeprobe.probes.container.MountNamespaceRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// A cache of what is known about containers between two probes. It contains only containers whose
/// mounts are watched, since the watch reports when a table changes and when a process ends.
///
/// A probe takes the entry of a container out of the cache, and puts it back at its end. A second
/// probe finds no entry and starts without one. So the descriptors of a probe that hangs are never
/// closed while it uses them.
final class ProcfsTargetCache {
    /// @param root the root directory and the mount table when they were read; its descriptor is
    ///   closed
    /// @param mountPoints the mount points of the table that are probed
    /// @param version the watch's version of the mounts just before the table was read
    /// @param readAt as [System#nanoTime()]
    record Table(
            MountNamespaceRoot.Open root, List<String> mountPoints, long version, long readAt) {}

    /// @param userNamespace the user namespace of the maps
    /// @param label the security module's label of the process
    record Maps(String userNamespace, IdMap uids, IdMap gids, String label) {}

    /// @param text as the kernel printed it
    /// @param status the same instance as long as it is equal
    record Status(String text, ProcessStatus status) {}

    /// @param target is closed by the owner of this entry
    /// @param namespace the result of the check of its mount namespace
    /// @param kept the observations of the last probe
    record CachedTarget(
            long pid,
            ContainerProcessHandle target,
            Optional<Table> table,
            Optional<Maps> maps,
            Optional<Status> status,
            Optional<EngineMountNamespaceCheck.Result.EngineMade> namespace,
            Optional<CachedProcfsObservations> kept) {
        static CachedTarget of(long pid, ContainerProcessHandle target) {
            return new CachedTarget(
                    pid,
                    target,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /// No event reports a change of a filesystem's own options, as opposed to those of the
        /// mount: for example `ro` of an ext4 after an error. So a table expires.
        ///
        /// @param mountNamespace the one that the process is in now
        /// @return its table, if it is up to date
        Optional<Table> currentTable(long version, String mountNamespace, Duration maxAge) {
            boolean sameNamespace =
                    namespace.map(m -> m.mountNamespace().equals(mountNamespace)).orElse(true);
            return table.filter(t -> sameNamespace && version != 0 && t.version() == version)
                    .filter(t -> System.nanoTime() - t.readAt() < maxAge.toNanos());
        }

        /// The current status of the process; empty if it has ended.
        Optional<Status> currentStatus(ContainerProcessHandle current) {
            Optional<String> text = current.statusText();
            if (text.isPresent() && status.filter(s -> s.text().equals(text.get())).isPresent()) {
                return status;
            }
            Optional<ProcessStatus> now = text.flatMap(ProcessStatus::parse);
            return now.map(parsed ->
                    new Status(
                            text.orElseThrow(),
                            status.map(Status::status).filter(parsed::equals).orElse(parsed)));
        }

        private void close(LinuxSyscalls kernel) {
            target.withKernel(kernel).close();
        }
    }

    private final MountTableCache tables;
    private final Map<String, CachedTarget> byContainer = new HashMap<>();
    private volatile ToLongFunction<String> versions = container -> 0;

    /// @param tables the cache of the mount tables of watched containers
    ProcfsTargetCache(MountTableCache tables) {
        this.tables = tables;
    }

    /// @param newVersions the version of a container's mounts, which differs after each change; 0
    ///   if they are not watched
    void setVersions(ToLongFunction<String> newVersions) {
        versions = newVersions;
    }

    long version(String container) {
        return versions.applyAsLong(container);
    }

    /// Removes and returns the entry of a container, if it is for this process.
    ///
    /// @param kernel the kernel of the calling thread, here and below
    Optional<CachedTarget> take(LinuxSyscalls kernel, String container, long pid) {
        Optional<CachedTarget> cached;
        synchronized (this) {
            cached = Optional.ofNullable(byContainer.remove(container));
        }
        cached.filter(h -> h.pid() != pid).ifPresent(h -> h.close(kernel));
        return cached.filter(h -> h.pid() == pid);
    }

    /// Keeps the entry for the next probe, or closes it.
    void put(LinuxSyscalls kernel, String container, CachedTarget cached) {
        Optional<CachedTarget> toClose = Optional.of(cached);
        synchronized (this) {
            // Checked inside the lock: when a watch ends, `remove` is called after the version is
            // gone.
            if (version(container) != 0) {
                toClose = Optional.ofNullable(byContainer.put(container, cached));
            } else {
                tables.evict(container);
            }
        }
        toClose.ifPresent(h -> h.close(kernel));
    }

    /// Removes the entry of a container that is no longer watched.
    void remove(LinuxSyscalls kernel, String container) {
        Optional<CachedTarget> cached;
        synchronized (this) {
            cached = Optional.ofNullable(byContainer.remove(container));
            tables.remove(container);
        }
        cached.ifPresent(h -> h.close(kernel));
    }
}
