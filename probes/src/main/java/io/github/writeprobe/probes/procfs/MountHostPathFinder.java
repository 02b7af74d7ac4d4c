package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.EngineSocketNames;
import io.github.writeprobe.probes.cache.LruMap;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the host paths that the mounts of containers show, and the engine sockets that they lead
/// to. Both are identified by the filesystem and the directory in it, so that neither a symbolic
/// link nor a volume that is in fact a bind mount hides anything.
final class MountHostPathFinder {
    private static final int MAX_CONTAINERS = 1024;

    /// The maximum number of a container's mounts that are searched for sockets.
    private static final int MAX_SCANNED_MOUNTS = 4096;

    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    /// Searching for sockets costs as much as the rest of a probe.
    private static final Duration MAX_SOCKETS_AGE = Duration.ofSeconds(20);

    /// Directories that are a symbolic link on some hosts, such as `/home` to `/var/home`. The
    /// files in them are reported by both names.
    private static final List<String> COMMON_SYMLINKS =
            List.of(
                    "/boot",
                    "/etc",
                    "/home",
                    "/root",
                    "/run",
                    "/usr",
                    "/var",
                    "/var/lib",
                    "/var/lib/containerd",
                    "/var/lib/containers",
                    "/var/lib/docker",
                    "/var/lib/kubelet",
                    "/var/spool/cron");

    private final String proc;
    private final FilesystemMountIndex.Cache host;
    private final EngineSocketInodes sockets;
    private FilesystemMountIndex aliasesTable = FilesystemMountIndex.NONE;
    private Map<String, String> aliases = Map.of();

    private final Map<String, CachedPaths> byContainer = new LruMap<>(MAX_CONTAINERS);

    /// Results that are valid as long as the container's mount table does not change.
    ///
    /// @param candidates mounts in which an engine may put its socket at any time
    private record CachedPaths(
            MountTable mounts,
            Map<Integer, List<String>> paths,
            List<SocketCandidate> candidates,
            List<String> doubts,
            long readAt,
            Optional<CachedSockets> sockets) {
        CachedPaths with(CachedSockets found) {
            return new CachedPaths(mounts, paths, candidates, doubts, readAt, Optional.of(found));
        }

        /// The host's own mounts may also change, which the container's table does not show.
        boolean isValidFor(MountTable current) {
            return mounts.equals(current) && System.nanoTime() - readAt < MAX_AGE.toNanos();
        }
    }

    /// A result that includes sockets. No event reports when those are created or removed.
    private record CachedSockets(Found found, long readAt) {
        boolean isFresh() {
            return System.nanoTime() - readAt < MAX_SOCKETS_AGE.toNanos();
        }
    }

    /// A mount that shows a directory or a socket of the host.
    ///
    /// @param mayOpen whether it may be opened, because that cannot block
    private record SocketCandidate(MountEntry mount, boolean mayOpen) {}

    /// The result for one container.
    ///
    /// @param paths as [io.github.writeprobe.probes.KernelFacts#hostPaths()]
    /// @param engines as its `engineSockets`
    /// @param configured as its `configuredSockets`
    record Found(
            Map<Integer, List<String>> paths,
            Map<Integer, String> engines,
            Map<Integer, String> configured,
            List<String> doubts) {}

    /// @param proc where procfs is mounted
    MountHostPathFinder(String proc) {
        this.proc = proc;
        this.host = new FilesystemMountIndex.Cache(proc + "/1/mountinfo");
        this.sockets = new EngineSocketInodes(proc);
    }

    /// Adds the socket of an engine that this process uses, by the path that this process sees.
    void addEngineSocket(String socket) {
        sockets.addConfigured(socket);
    }

    /// @param root an open descriptor of the container's root directory
    /// @param mounts the same instance as long as nothing has changed
    /// @param refresh whether to search for sockets even if that was done recently
    Found find(
            LinuxSyscalls kernel, String container, int root, MountTable mounts, boolean refresh) {
        CachedPaths cached = cached(container);
        if (cached == null || !cached.isValidFor(mounts)) {
            cached = scan(kernel, root, mounts);
        } else if (!refresh && cached.sockets().filter(CachedSockets::isFresh).isPresent()) {
            return cached.sockets().get().found();
        }
        Found found = findSockets(kernel, root, cached);
        put(container, cached.with(new CachedSockets(found, System.nanoTime())));
        return found;
    }

    private Found findSockets(LinuxSyscalls kernel, int root, CachedPaths cached) {
        Map<Integer, String> engines = new HashMap<>();
        Map<Integer, String> configured = new HashMap<>();
        if (!cached.candidates().isEmpty()) {
            List<EngineSocketInodes.EngineSocket> all = sockets.list(kernel, host.current(kernel));
            for (SocketCandidate candidate : cached.candidates()) {
                addSockets(kernel, root, candidate, all, engines, configured);
            }
        }
        return new Found(cached.paths(), engines, configured, cached.doubts());
    }

    private synchronized @Nullable CachedPaths cached(String container) {
        return byContainer.get(container);
    }

    private synchronized void put(String container, CachedPaths cached) {
        byContainer.put(container, cached);
    }

    private CachedPaths scan(LinuxSyscalls kernel, int root, MountTable mounts) {
        FilesystemMountIndex table = host.current(kernel);
        Map<String, String> links = aliases(kernel, table);
        Set<Integer> slow = slowMounts(mounts);
        Map<Integer, List<String>> paths = new HashMap<>();
        List<SocketCandidate> candidates = new ArrayList<>();
        for (MountEntry mount : mounts.reachable()) {
            Set<String> shown =
                    mount.isKernelFilesystem()
                            ? Set.of()
                            : Stream.concat(
                                            table.pathsShowing(mount).stream(),
                                            overlayLayers(mount, mounts).stream())
                                    .collect(Collectors.toSet());
            if (shown.isEmpty()) {
                continue;
            }
            paths.put(mount.id(), withAliases(shown, links));
            boolean mayOpen = !slow.contains(mount.id());
            boolean engineProvided =
                    mount.mountPoint().equals("/")
                            || shown.stream().allMatch(MountHostPathFinder::isEngineShm);
            if (!engineProvided && (!mayOpen || mayHoldSockets(kernel, root, mount))) {
                candidates.add(new SocketCandidate(mount, mayOpen));
            }
        }
        List<String> doubts = new ArrayList<>();
        if (!table.isComplete()) {
            doubts.add(
                    "the host's mount table has "
                            + MountTable.MAX_ENTRIES
                            + " or more entries, so it is not known which host paths are mounted");
        }
        if (candidates.size() > MAX_SCANNED_MOUNTS) {
            doubts.add(
                    "more than "
                            + MAX_SCANNED_MOUNTS
                            + " of its mounts show directories of the host, and not all of them"
                            + " were searched for engine sockets");
        }
        return new CachedPaths(
                mounts,
                paths,
                candidates.stream().limit(MAX_SCANNED_MOUNTS).toList(),
                doubts,
                System.nanoTime(),
                Optional.empty());
    }

    /// The upper and lower directories of an overlay other than the root filesystem:
    /// `Documentation/filesystems/overlayfs.rst`.
    private static List<String> overlayLayers(MountEntry mount, MountTable mounts) {
        boolean rootfs =
                mounts.mountAt("/").filter(r -> r.device().equals(mount.device())).isPresent();
        if (rootfs || !mount.filesystem().equals("overlay")) {
            return List.of();
        }
        return mount.superOptions().stream()
                .flatMap(o ->
                        o.startsWith("upperdir=/")
                                ? Stream.of(o.substring("upperdir=".length()))
                                : o.startsWith("lowerdir=/")
                                        ? Arrays.stream(
                                                o.substring("lowerdir=".length()).split(":", -1))
                                        : Stream.of())
                .toList();
    }

    /// Whether it is a `/dev/shm` that the engine created for a container: its content comes from
    /// that container.
    private static boolean isEngineShm(String path) {
        return path.matches(".*/containers/[0-9a-f]{64}/mounts/shm");
    }

    /// The mounts where access may block, either in the mount itself or on the way to it.
    private static Set<Integer> slowMounts(MountTable mounts) {
        Map<Integer, MountEntry> byId =
                mounts.entries().stream()
                        .collect(Collectors.toMap(MountEntry::id, e -> e, (a, b) -> a));
        Map<Integer, Boolean> slow = new HashMap<>();
        mounts.entries().forEach(e -> isSlow(e, byId, slow));
        return slow.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean isSlow(
            MountEntry mount, Map<Integer, MountEntry> byId, Map<Integer, Boolean> slow) {
        List<MountEntry> visited = new ArrayList<>();
        Optional<MountEntry> current = Optional.of(mount);
        // This loop ends, because mounts that were visited have an entry already.
        while (current.isPresent() && slow.putIfAbsent(current.get().id(), false) == null) {
            visited.add(current.get());
            current = Optional.ofNullable(byId.get(current.get().parent()));
        }
        boolean result = current.isPresent() && slow.getOrDefault(current.get().id(), false);
        for (MountEntry entry : visited.reversed()) {
            result = result || !(entry.isLocal() || entry.isKernelFilesystem());
            slow.put(entry.id(), result);
        }
        return result;
    }

    private static boolean mayHoldSockets(LinuxSyscalls kernel, int root, MountEntry mount) {
        long fd = open(kernel, root, mount);
        try {
            return kernel.files()
                    .status((int) fd)
                    .filter(s -> s.isDirectory() || s.isSocket())
                    .isPresent();
        } finally {
            kernel.close(fd);
        }
    }

    /// @return a descriptor, or a negative errno if the mount no longer exists
    private static long open(LinuxSyscalls kernel, int root, MountEntry mount) {
        return kernel.openIn(
                root,
                mount.mountPoint(),
                LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                0,
                LinuxSyscalls.RESOLVE_IN_ROOT
                        | LinuxSyscalls.RESOLVE_NO_MAGICLINKS
                        | LinuxSyscalls.RESOLVE_NO_SYMLINKS);
    }

    private static void addSockets(
            LinuxSyscalls kernel,
            int root,
            SocketCandidate candidate,
            List<EngineSocketInodes.EngineSocket> engineSockets,
            Map<Integer, String> engines,
            Map<Integer, String> configured) {
        MountEntry mount = candidate.mount();
        for (EngineSocketInodes.EngineSocket one : engineSockets) {
            if (one.isIn(mount)) {
                (one.configured() ? configured : engines).put(mount.id(), one.path());
            }
        }
        long fd = candidate.mayOpen() ? open(kernel, root, mount) : -1;
        if (fd < 0) {
            return;
        }
        try {
            Optional<FileStatus> status = kernel.files().status((int) fd);
            status.filter(FileStatus::isSocket)
                    .ifPresent(s ->
                            engineSockets.stream()
                                    .filter(k -> k.matches(s))
                                    .forEach(k ->
                                            (k.configured() ? configured : engines)
                                                    .put(mount.id(), k.path())));
            if (status.filter(FileStatus::isDirectory).isPresent()) {
                findSocketBelow(kernel, (int) fd, mount).ifPresent(p -> engines.put(mount.id(), p));
            }
        } finally {
            kernel.close(fd);
        }
    }

    /// A socket with a usual name of an engine socket, in a usual place below a directory.
    private static Optional<String> findSocketBelow(
            LinuxSyscalls kernel, int directory, MountEntry mount) {
        Optional<String> direct = findSocket(kernel, directory, mount.mountPoint());
        if (direct.isPresent()) {
            return direct;
        }
        for (String name : EngineSocketNames.DIRECTORIES) {
            long below =
                    kernel.openIn(
                            directory,
                            name,
                            LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                            0,
                            LinuxSyscalls.RESOLVE_IN_ROOT
                                    | LinuxSyscalls.RESOLVE_NO_XDEV
                                    | LinuxSyscalls.RESOLVE_NO_MAGICLINKS
                                    | LinuxSyscalls.RESOLVE_NO_SYMLINKS);
            if (below < 0) {
                continue;
            }
            try {
                Optional<String> found =
                        findSocket(
                                kernel,
                                (int) below,
                                FilesystemMountIndex.join(mount.mountPoint(), "/" + name));
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                kernel.close(below);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> findSocket(LinuxSyscalls kernel, int directory, String path) {
        return EngineSocketNames.NAMES.stream()
                .filter(n ->
                        kernel.files()
                                .entryStatus(directory, n)
                                .filter(FileStatus::isSocket)
                                .isPresent())
                .map(n -> FilesystemMountIndex.join(path, "/" + n))
                .findFirst();
    }

    /// The paths, together with their names through the usual directories that are links.
    private static List<String> withAliases(Set<String> shown, Map<String, String> links) {
        Set<String> all = new LinkedHashSet<>(shown);
        links.forEach((link, real) ->
                shown.stream()
                        .filter(path -> MountTable.isAtOrBelow(path, real))
                        .forEach(path -> all.add(link + path.substring(real.length()))));
        return List.copyOf(all);
    }

    private synchronized Map<String, String> aliases(
            LinuxSyscalls kernel, FilesystemMountIndex table) {
        if (table != aliasesTable) {
            aliasesTable = table;
            aliases = readAliases(kernel);
        }
        return aliases;
    }

    /// @return the targets of those usual directories that are links
    private Map<String, String> readAliases(LinuxSyscalls kernel) {
        Map<String, String> links = new LinkedHashMap<>();
        long root =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        proc + "/1/root",
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0);
        if (root < 0) {
            return links;
        }
        for (String name : COMMON_SYMLINKS) {
            long fd =
                    kernel.openIn(
                            (int) root,
                            name,
                            LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                            0,
                            LinuxSyscalls.RESOLVE_IN_ROOT | LinuxSyscalls.RESOLVE_NO_MAGICLINKS);
            if (fd >= 0) {
                kernel.pathOf((int) fd)
                        .filter(real -> !real.equals(name) && real.length() > 1)
                        .ifPresent(real -> links.put(name, real));
                kernel.close(fd);
            }
        }
        kernel.close(root);
        return links;
    }
}
