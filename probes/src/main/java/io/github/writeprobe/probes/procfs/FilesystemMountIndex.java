package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mount table with an index by filesystem, to find the paths that show a directory of a
/// filesystem: proc_pid_mountinfo(5) gives, for each mount, the filesystem and the directory in it,
/// in the same way in every mount namespace.
final class FilesystemMountIndex {
    static final FilesystemMountIndex NONE = new FilesystemMountIndex(MountTable.EMPTY);

    private final Map<String, List<MountEntry>> byDevice = new HashMap<>();
    private final Map<Integer, MountEntry> byId = new HashMap<>();
    private final boolean complete;

    FilesystemMountIndex(MountTable table) {
        for (MountEntry entry : table.entries()) {
            byId.put(entry.id(), entry);
            if (!entry.isKernelFilesystem()) {
                byDevice.computeIfAbsent(entry.device(), d -> new ArrayList<>()).add(entry);
            }
        }
        complete = table.entries().size() < MountTable.MAX_ENTRIES;
    }

    /// Whether the table could be read completely.
    boolean isComplete() {
        return complete;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /// The paths that show what a mount shows: its root directory, or parts of it.
    Set<String> pathsShowing(MountEntry mount) {
        Set<String> paths = new LinkedHashSet<>();
        if (mount.isRootDeleted()) {
            return paths;
        }
        for (MountEntry hostMount : byDevice.getOrDefault(mount.device(), List.of())) {
            if (MountTable.isAtOrBelow(mount.root(), hostMount.root())) {
                paths.add(join(hostMount.mountPoint(), suffix(mount.root(), hostMount.root())));
            } else if (MountTable.isAtOrBelow(hostMount.root(), mount.root())) {
                paths.add(hostMount.mountPoint());
            }
        }
        return paths;
    }

    /// The place of an open file in its filesystem.
    ///
    /// @param name the file's path in this table's mount namespace
    Optional<FilesystemPath> locate(FileStatus status, String name) {
        return Optional.ofNullable(byId.get((int) status.mountId()))
                .filter(e -> MountTable.isAtOrBelow(name, e.mountPoint()))
                .map(e ->
                        new FilesystemPath(
                                e.device(), join(e.root(), suffix(name, e.mountPoint()))));
    }

    /// The place of a file in a filesystem, independent of mounts.
    ///
    /// @param device as in `mountinfo`
    /// @param path the path from the root of the filesystem
    record FilesystemPath(String device, String path) {
        /// Whether a mount shows it.
        boolean isIn(MountEntry mount) {
            return device.equals(mount.device()) && MountTable.isAtOrBelow(path, mount.root());
        }
    }

    private static String suffix(String path, String parent) {
        return parent.equals("/") ? path : path.substring(parent.length());
    }

    static String join(String parent, String suffix) {
        if (suffix.isEmpty() || suffix.equals("/")) {
            return parent;
        }
        return parent.equals("/") ? suffix : parent + suffix;
    }

    /// A mount table that is read again only when it has changed. Any thread may use it, with its
    /// own kernel.
    static final class Cache {
        /// Enough for a table of ten thousand mounts.
        private static final int MAX_BYTES = 16 << 20;

        private final String path;
        private long file = -1;
        private int epoll;
        private FilesystemMountIndex table = NONE;

        /// @param path of a `mountinfo` file in procfs
        Cache(String path) {
            this.path = path;
        }

        /// @return an empty table if it cannot be read
        synchronized FilesystemMountIndex current(LinuxSyscalls kernel) {
            if (file < 0) {
                file =
                        kernel.open(
                                LinuxSyscalls.AT_FDCWD,
                                path,
                                LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC,
                                0);
                if (file < 0) {
                    return NONE;
                }
                epoll = (int) kernel.epoll();
                kernel.watch(
                        epoll, (int) file, LinuxSyscalls.EPOLLPRI | LinuxSyscalls.EPOLLERR, file);
                // Clears the initial event before the table is read: later events mean changes.
                kernel.await(epoll, 0);
                return read(kernel);
            }
            return kernel.await(epoll, 0).length > 0 ? read(kernel) : table;
        }

        private FilesystemMountIndex read(LinuxSyscalls kernel) {
            Optional<String> text = kernel.readText((int) file, MAX_BYTES);
            if (text.isEmpty()) {
                close(kernel);
                return NONE;
            }
            table = new FilesystemMountIndex(MountTable.parse(text.get()));
            return table;
        }

        private void close(LinuxSyscalls kernel) {
            kernel.close(epoll);
            kernel.close(file);
            file = -1;
            table = NONE;
        }
    }
}
