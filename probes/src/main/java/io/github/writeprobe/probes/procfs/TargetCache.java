package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.ContainerProcess;
import io.github.writeprobe.probes.container.ContainerRoot;
import io.github.writeprobe.probes.container.MountTableCache;
import io.github.writeprobe.probes.container.NamespaceCheck;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.Kernel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// What is kept of containers from one visit to the next, so that not all is found out anew: of
/// those whose mounts are watched, since the watch tells when a table changes and when a process
/// ends.
///
/// One visitor at a time has what is kept of a container; another one finds nothing, and starts
/// afresh. So one that hangs never has its files closed under it.
final class TargetCache {
    /// What a table says of a filesystem, and not of the mount, changes unheard: `ro` of an ext4
    /// that met with an error, say. What a probe meets with is never taken from here.
    private static final Duration MAX_TABLE_AGE = Duration.ofMinutes(5);

    /// @param root the root directory and the mount table, as they were; its descriptor is closed
    /// @param mountPoints those of the table that are probed
    /// @param version of the mounts, as the watch counts, from just before the table was read
    /// @param readAt as [System#nanoTime()]
    record Table(ContainerRoot.Open root, List<String> mountPoints, long version, long readAt) {}

    /// @param userNamespace which one the maps are of
    /// @param label as in [ContainerContext]
    record Maps(String userNamespace, IdMap uids, IdMap gids, String label) {}

    /// @param target is closed by who has the hold
    /// @param namespace what was found of its mount namespace
    record CachedTarget(
            long pid,
            ContainerProcess target,
            Optional<Table> table,
            Optional<Maps> maps,
            Optional<NamespaceCheck.Result.EngineMade> namespace) {
        static CachedTarget of(long pid, ContainerProcess target) {
            return new CachedTarget(
                    pid, target, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /// @return its table, if it is the one that holds now
        Optional<Table> currentTable(long version) {
            return table.filter(t -> version != 0 && t.version() == version)
                    .filter(t -> System.nanoTime() - t.readAt() < MAX_TABLE_AGE.toNanos());
        }

        private void close(Kernel kernel) {
            target.withKernel(kernel).close();
        }
    }

    private final MountTableCache tables;
    private final Map<String, CachedTarget> byContainer = new HashMap<>();
    private volatile ToLongFunction<String> versions = container -> 0;

    /// @param tables where the mount tables are kept of those that are watched
    TargetCache(MountTableCache tables) {
        this.tables = tables;
    }

    /// @param newVersions the version of a container's mounts, another one after each change; 0 if
    ///   nobody watches them
    void setVersions(ToLongFunction<String> newVersions) {
        versions = newVersions;
    }

    long version(String container) {
        return versions.applyAsLong(container);
    }

    /// Takes what is kept of a container, if it is of this process.
    ///
    /// @param kernel of the thread that calls, here and below
    Optional<CachedTarget> take(Kernel kernel, String container, long pid) {
        Optional<CachedTarget> cached;
        synchronized (this) {
            cached = Optional.ofNullable(byContainer.remove(container));
        }
        cached.filter(h -> h.pid() != pid).ifPresent(h -> h.close(kernel));
        return cached.filter(h -> h.pid() == pid);
    }

    /// Keeps it for the next visit, or closes it.
    void put(Kernel kernel, String container, CachedTarget cached) {
        Optional<CachedTarget> toClose = Optional.of(cached);
        synchronized (this) {
            // Asked in here: whoever ends the watch comes here afterwards.
            if (version(container) != 0) {
                toClose = Optional.ofNullable(byContainer.put(container, cached));
            } else {
                tables.evict(container);
            }
        }
        toClose.ifPresent(h -> h.close(kernel));
    }

    /// Nobody watches it any more.
    void remove(Kernel kernel, String container) {
        Optional<CachedTarget> cached;
        synchronized (this) {
            cached = Optional.ofNullable(byContainer.remove(container));
            tables.remove(container);
        }
        cached.ifPresent(h -> h.close(kernel));
    }
}
