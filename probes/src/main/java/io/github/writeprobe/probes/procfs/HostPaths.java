package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
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

/// What of the host the mounts of containers show, and which engines' sockets they reach: by the
/// filesystem and the directory in it, so that neither a symbolic link nor a volume that is a bind
/// in disguise hides anything.
final class HostPaths {
    private static final int MOST_CONTAINERS = 1024;

    /// Of more mounts of one container nobody looks for sockets.
    private static final int MOST_LOOKED_INTO = 4096;

    private static final Duration OLDEST = Duration.ofMinutes(5);

    /// To look for sockets costs as much as all else that is asked of a container.
    private static final Duration OLDEST_SOCKETS = Duration.ofSeconds(20);

    /// Directories that are a symbolic link on some machines, such as `/home` to `/var/home`. What
    /// lies in them is known by both names.
    private static final List<String> OFTEN_LINKS =
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
                    "/var/lib/docker",
                    "/var/lib/kubelet",
                    "/var/spool/cron");

    private final String proc;
    private final HostTable.Kept host;
    private final EngineSockets sockets;
    private HostTable aliasesOf = HostTable.NONE;
    private Map<String, String> aliases = Map.of();

    private final Map<String, Known> byContainer =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST_CONTAINERS;
                }
            };

    /// What holds as long as a container's mount table does.
    ///
    /// @param holders mounts in which an engine may put its socket at any time
    private record Known(
            MountTable mounts,
            Map<Integer, List<String>> paths,
            List<Holder> holders,
            List<String> doubts,
            long at,
            Optional<Sockets> sockets) {
        Known with(Sockets found) {
            return new Known(mounts, paths, holders, doubts, at, Optional.of(found));
        }

        /// The host's own mounts may change too, which the container's table does not show.
        boolean holds(MountTable now) {
            return mounts.equals(now) && System.nanoTime() - at < OLDEST.toNanos();
        }
    }

    /// What was found, sockets included, which come and go unheard.
    private record Sockets(Found found, long at) {
        boolean fresh() {
            return System.nanoTime() - at < OLDEST_SOCKETS.toNanos();
        }
    }

    /// A mount that shows something of the host.
    ///
    /// @param open whether it may be looked into: that waits for nobody
    private record Holder(MountEntry mount, boolean open) {}

    /// What was found.
    ///
    /// @param paths as [io.github.writeprobe.probes.KernelFacts#hostPaths()]
    /// @param engines as its `engineSockets`
    /// @param asked as its `askedSockets`
    record Found(
            Map<Integer, List<String>> paths,
            Map<Integer, String> engines,
            Map<Integer, String> asked,
            List<String> doubts) {}

    /// @param proc where procfs is mounted
    HostPaths(String proc) {
        this.proc = proc;
        this.host = new HostTable.Kept(proc + "/1/mountinfo");
        this.sockets = new EngineSockets(proc);
    }

    /// The socket of an engine that is asked, as this process has it.
    void ask(String socket) {
        sockets.ask(socket);
    }

    /// @param root the root directory of the container's mounts, open
    /// @param mounts the same instance as long as nothing has changed
    /// @param anew whether sockets are looked for even if that was done just before
    Found find(Kernel kernel, String container, int root, MountTable mounts, boolean anew) {
        Known known = known(container);
        if (known == null || !known.holds(mounts)) {
            known = look(kernel, root, mounts);
        } else if (!anew && known.sockets().filter(Sockets::fresh).isPresent()) {
            return known.sockets().get().found();
        }
        Found found = found(kernel, root, known);
        keep(container, known.with(new Sockets(found, System.nanoTime())));
        return found;
    }

    private Found found(Kernel kernel, int root, Known known) {
        Map<Integer, String> engines = new HashMap<>();
        Map<Integer, String> asked = new HashMap<>();
        if (!known.holders().isEmpty()) {
            List<EngineSockets.Known> all = sockets.now(kernel, host.now(kernel));
            for (Holder holder : known.holders()) {
                reached(kernel, root, holder, all, engines, asked);
            }
        }
        return new Found(known.paths(), engines, asked, known.doubts());
    }

    private synchronized @Nullable Known known(String container) {
        return byContainer.get(container);
    }

    private synchronized void keep(String container, Known known) {
        byContainer.put(container, known);
    }

    private Known look(Kernel kernel, int root, MountTable mounts) {
        HostTable table = host.now(kernel);
        Map<String, String> links = aliases(kernel, table);
        Set<Integer> slow = slow(mounts);
        Map<Integer, List<String>> paths = new HashMap<>();
        List<Holder> holders = new ArrayList<>();
        for (MountEntry mount : mounts.reachable()) {
            Set<String> shown =
                    mount.kernelFilesystem()
                            ? Set.of()
                            : Stream.concat(
                                            table.showing(mount).stream(),
                                            layers(mount, mounts).stream())
                                    .collect(Collectors.toSet());
            if (shown.isEmpty()) {
                continue;
            }
            paths.put(mount.id(), named(shown, links));
            boolean open = !slow.contains(mount.id());
            boolean ours =
                    mount.mountPoint().equals("/") || shown.stream().allMatch(HostPaths::shm);
            if (!ours && (!open || mayHoldSockets(kernel, root, mount))) {
                holders.add(new Holder(mount, open));
            }
        }
        List<String> doubts = new ArrayList<>();
        if (!table.whole()) {
            doubts.add(
                    "the machine's mount table has "
                            + MountTable.MOST
                            + " entries or more, so nobody knows what of the host is mounted");
        }
        if (holders.size() > MOST_LOOKED_INTO) {
            doubts.add(
                    "more than "
                            + MOST_LOOKED_INTO
                            + " of its mounts show directories of the host, and not all were looked"
                            + " into for engines' sockets");
        }
        return new Known(
                mounts,
                paths,
                holders.stream().limit(MOST_LOOKED_INTO).toList(),
                doubts,
                System.nanoTime(),
                Optional.empty());
    }

    /// Where an overlay that is not the root filesystem's takes its files from, and puts them:
    /// `Documentation/filesystems/overlayfs.rst`.
    private static List<String> layers(MountEntry mount, MountTable mounts) {
        boolean rootfs = mounts.at("/").filter(r -> r.device().equals(mount.device())).isPresent();
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

    /// The engine's own `/dev/shm` for a container: what is in there comes from a container.
    private static boolean shm(String path) {
        return path.matches(".*/containers/[0-9a-f]{64}/mounts/shm");
    }

    /// The mounts on the way to which, or in which, a look may wait for somebody.
    private static Set<Integer> slow(MountTable mounts) {
        Map<Integer, MountEntry> byId =
                mounts.entries().stream()
                        .collect(Collectors.toMap(MountEntry::id, e -> e, (a, b) -> a));
        Map<Integer, Boolean> slow = new HashMap<>();
        mounts.entries().forEach(e -> slow(e, byId, slow));
        return slow.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean slow(
            MountEntry mount, Map<Integer, MountEntry> byId, Map<Integer, Boolean> slow) {
        List<MountEntry> way = new ArrayList<>();
        Optional<MountEntry> here = Optional.of(mount);
        // Ends: what was seen on the way has its answer already.
        while (here.isPresent() && slow.putIfAbsent(here.get().id(), false) == null) {
            way.add(here.get());
            here = Optional.ofNullable(byId.get(here.get().parent()));
        }
        boolean result = here.isPresent() && slow.getOrDefault(here.get().id(), false);
        for (MountEntry entry : way.reversed()) {
            result = result || !(entry.local() || entry.kernelFilesystem());
            slow.put(entry.id(), result);
        }
        return result;
    }

    private static boolean mayHoldSockets(Kernel kernel, int root, MountEntry mount) {
        long fd = open(kernel, root, mount);
        try {
            return kernel.files()
                    .status((int) fd)
                    .filter(s -> s.directory() || s.socket())
                    .isPresent();
        } finally {
            kernel.close(fd);
        }
    }

    /// @return a negative errno if it is not there any more
    private static long open(Kernel kernel, int root, MountEntry mount) {
        return kernel.openIn(
                root,
                mount.mountPoint(),
                Kernel.O_PATH | Kernel.O_CLOEXEC,
                0,
                Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS | Kernel.RESOLVE_NO_SYMLINKS);
    }

    private static void reached(
            Kernel kernel,
            int root,
            Holder holder,
            List<EngineSockets.Known> known,
            Map<Integer, String> engines,
            Map<Integer, String> asked) {
        MountEntry mount = holder.mount();
        for (EngineSockets.Known one : known) {
            if (one.in(mount)) {
                (one.asked() ? asked : engines).put(mount.id(), one.path());
            }
        }
        long fd = holder.open() ? open(kernel, root, mount) : -1;
        if (fd < 0) {
            return;
        }
        try {
            Optional<FileStatus> status = kernel.files().status((int) fd);
            status.filter(FileStatus::socket)
                    .ifPresent(s ->
                            known.stream()
                                    .filter(k -> k.is(s))
                                    .forEach(k ->
                                            (k.asked() ? asked : engines)
                                                    .put(mount.id(), k.path())));
            if (status.filter(FileStatus::directory).isPresent()) {
                inside(kernel, (int) fd, mount).ifPresent(p -> engines.put(mount.id(), p));
            }
        } finally {
            kernel.close(fd);
        }
    }

    /// A socket with an engine's name, where engines put it.
    private static Optional<String> inside(Kernel kernel, int directory, MountEntry mount) {
        Optional<String> here = in(kernel, directory, mount.mountPoint());
        if (here.isPresent()) {
            return here;
        }
        for (String name : EngineSockets.DIRECTORIES) {
            long below =
                    kernel.openIn(
                            directory,
                            name,
                            Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                            0,
                            Kernel.RESOLVE_IN_ROOT
                                    | Kernel.RESOLVE_NO_XDEV
                                    | Kernel.RESOLVE_NO_MAGICLINKS
                                    | Kernel.RESOLVE_NO_SYMLINKS);
            if (below < 0) {
                continue;
            }
            try {
                Optional<String> found =
                        in(kernel, (int) below, HostTable.joined(mount.mountPoint(), "/" + name));
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                kernel.close(below);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> in(Kernel kernel, int directory, String path) {
        return EngineSockets.NAMES.stream()
                .filter(n ->
                        kernel.files().entry(directory, n).filter(FileStatus::socket).isPresent())
                .map(n -> HostTable.joined(path, "/" + n))
                .findFirst();
    }

    /// The paths, and what they are called where a usual directory is a link to theirs.
    private static List<String> named(Set<String> shown, Map<String, String> links) {
        Set<String> all = new LinkedHashSet<>(shown);
        links.forEach((link, real) ->
                shown.stream()
                        .filter(path -> MountTable.isAtOrBelow(path, real))
                        .forEach(path -> all.add(link + path.substring(real.length()))));
        return List.copyOf(all);
    }

    private synchronized Map<String, String> aliases(Kernel kernel, HostTable table) {
        if (table != aliasesOf) {
            aliasesOf = table;
            aliases = links(kernel);
        }
        return aliases;
    }

    /// @return where the usual directories that are links lead
    private Map<String, String> links(Kernel kernel) {
        Map<String, String> links = new LinkedHashMap<>();
        long root =
                kernel.open(Kernel.AT_FDCWD, proc + "/1/root", Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (root < 0) {
            return links;
        }
        for (String name : OFTEN_LINKS) {
            long fd =
                    kernel.openIn(
                            (int) root,
                            name,
                            Kernel.O_PATH | Kernel.O_CLOEXEC,
                            0,
                            Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS);
            if (fd >= 0) {
                kernel.nameOf((int) fd)
                        .filter(real -> !real.equals(name) && real.length() > 1)
                        .ifPresent(real -> links.put(name, real));
                kernel.close(fd);
            }
        }
        kernel.close(root);
        return links;
    }
}
