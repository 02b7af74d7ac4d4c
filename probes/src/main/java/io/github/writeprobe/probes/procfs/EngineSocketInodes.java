package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.EngineSocketNames;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// The sockets that engines on this host listen on, identified by their inode and not by a name:
/// those that this process uses, and those in the usual places.
final class EngineSocketInodes {
    /// An engine that restarts creates its socket again.
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private final String proc;
    private final FilesystemMountIndex.Cache selfTable;
    private final Set<String> configuredPaths = new ConcurrentSkipListSet<>();
    private List<EngineSocket> cached = List.of();
    private Set<String> cachedConfiguredPaths = Set.of();
    private long listedAt;

    /// A socket of an engine.
    ///
    /// @param path the path by which it was found
    /// @param location its place in its filesystem; empty if the kernel does not show it
    /// @param configured whether it is one that this process uses
    record EngineSocket(
            String path,
            long device,
            long inode,
            Optional<FilesystemMountIndex.FilesystemPath> location,
            boolean configured) {
        boolean matches(FileStatus status) {
            return status.isSocket() && status.inode() == inode && status.device() == device;
        }

        boolean isIn(MountEntry mount) {
            return location.filter(p -> p.isIn(mount)).isPresent();
        }
    }

    /// @param proc where procfs is mounted
    EngineSocketInodes(String proc) {
        this.proc = proc;
        this.selfTable = new FilesystemMountIndex.Cache(proc + "/self/mountinfo");
    }

    /// Adds a socket that this process uses.
    ///
    /// @param socket its path, as this process sees it
    void addConfigured(String socket) {
        configuredPaths.add(socket);
    }

    /// @param host the host's mount table
    synchronized List<EngineSocket> list(LinuxSyscalls kernel, FilesystemMountIndex host) {
        boolean expired = System.nanoTime() - listedAt > MAX_AGE.toNanos();
        if (expired || listedAt == 0 || !cachedConfiguredPaths.equals(configuredPaths)) {
            cachedConfiguredPaths = Set.copyOf(configuredPaths);
            cached = find(kernel, host);
            listedAt = System.nanoTime();
        }
        return cached;
    }

    private List<EngineSocket> find(LinuxSyscalls kernel, FilesystemMountIndex host) {
        List<EngineSocket> found = new ArrayList<>();
        for (String socket : cachedConfiguredPaths) {
            long fd =
                    kernel.open(
                            LinuxSyscalls.AT_FDCWD,
                            socket,
                            LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                            0);
            identify(kernel, fd, socket, selfTable.current(kernel), true).ifPresent(found::add);
        }
        long root =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        proc + "/1/root",
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0);
        if (root < 0) {
            return found;
        }
        try {
            for (String path : wellKnownPaths()) {
                long fd =
                        kernel.openIn(
                                (int) root,
                                path,
                                LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                                0,
                                LinuxSyscalls.RESOLVE_IN_ROOT
                                        | LinuxSyscalls.RESOLVE_NO_MAGICLINKS);
                identify(kernel, fd, path, host, false).ifPresent(found::add);
            }
        } finally {
            kernel.close(root);
        }
        return found;
    }

    private static List<String> wellKnownPaths() {
        List<String> paths = new ArrayList<>();
        for (String name : EngineSocketNames.NAMES) {
            paths.add("/run/" + name);
            EngineSocketNames.DIRECTORIES.forEach(d -> paths.add("/run/" + d + "/" + name));
        }
        return paths;
    }

    private static Optional<EngineSocket> identify(
            LinuxSyscalls kernel,
            long fd,
            String path,
            FilesystemMountIndex table,
            boolean configured) {
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return kernel.files()
                    .status((int) fd)
                    .filter(FileStatus::isSocket)
                    .map(s ->
                            new EngineSocket(
                                    path,
                                    s.device(),
                                    s.inode(),
                                    kernel.pathOf((int) fd).flatMap(n -> table.locate(s, n)),
                                    configured));
        } finally {
            kernel.close(fd);
        }
    }
}
