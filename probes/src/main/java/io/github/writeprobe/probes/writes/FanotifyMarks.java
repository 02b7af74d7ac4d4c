package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The marks on a container's mounts, and the files and directories that are ignored for some time.
///
/// The close of a file that was open for writing is always reported: it costs a writer some two per
/// cent of the smallest write. The report of each write costs it two thirds more, so writes are
/// reported only in short windows.
final class FanotifyMarks {
    private static final int MAX_MOUNTS = 4096;
    private static final int MAX_IGNORED = 1024;
    private static final long BASE_MASK = Fanotify.CLOSE_WRITE | Fanotify.OPEN_EXEC;

    private final ContainerFilesystem filesystem;
    private final Fanotify fanotify;

    /// The marked mounts by mount id.
    private Map<Integer, MountEntry> marked = Map.of();

    /// The mount points of all mounts that were marked: an open file can outlive its mount.
    private final Map<Long, String> mountPoints = new HashMap<>();

    private final Map<String, Long> failures = new TreeMap<>();
    private final Set<String> ignored = new HashSet<>();
    private boolean windowOpen;

    FanotifyMarks(ContainerFilesystem filesystem, Fanotify fanotify) {
        this.filesystem = filesystem;
        this.fanotify = fanotify;
    }

    /// Marks the mounts of a new mount table. The kernel removes the marks of unmounted ones.
    void update(MountTable table) {
        Map<Integer, MountEntry> current = new HashMap<>();
        table.reachable().stream()
                .filter(FanotifyMarks::storesFiles)
                .limit(MAX_MOUNTS)
                .forEach(e -> current.put(e.id(), e));
        for (MountEntry entry : current.values()) {
            if (!entry.equals(marked.get(entry.id()))) {
                addMark(entry, BASE_MASK | (windowOpen ? Fanotify.MODIFY : 0));
                mountPoints.put((long) entry.id(), entry.mountPoint());
            }
        }
        marked = current;
    }

    private static boolean storesFiles(MountEntry entry) {
        return !entry.isKernelFilesystem()
                && !entry.mountPoint().startsWith("/proc/")
                && !entry.mountPoint().startsWith("/sys/");
    }

    private void addMark(MountEntry entry, long mask) {
        withOpenMount(entry, fd -> fanotify.addMountMark(fd, mask))
                .filter(r -> r < 0)
                .ifPresent(r -> failures.put(entry.mountPoint(), r));
    }

    private interface Marking {
        long mark(int mount);
    }

    /// @return the kernel's result; empty if another mount is there now
    private Optional<Long> withOpenMount(MountEntry entry, Marking marking) {
        long fd = filesystem.open(entry.mountPoint(), LinuxSyscalls.O_PATH, 0);
        if (fd < 0) {
            return Optional.of(fd);
        }
        try {
            boolean same =
                    filesystem
                            .fileCalls()
                            .status((int) fd)
                            .map(FileStatus::mountId)
                            .filter(m -> m == 0 || m == entry.id())
                            .isPresent();
            return same ? Optional.of(marking.mark((int) fd)) : Optional.empty();
        } finally {
            filesystem.kernel().close(fd);
        }
    }

    /// The mount points that cannot be watched, each with a negative errno.
    Map<String, Long> failures() {
        return failures;
    }

    /// Opens or closes the window in which each write is reported.
    void setModifyWindow(boolean open) {
        if (this.windowOpen == open) {
            return;
        }
        this.windowOpen = open;
        for (MountEntry entry : marked.values()) {
            if (!entry.isReadOnly()) {
                withOpenMount(
                        entry,
                        fd ->
                                open
                                        ? fanotify.addMountMark(fd, Fanotify.MODIFY)
                                        : fanotify.removeMountMark(fd, Fanotify.MODIFY));
            }
        }
    }

    /// The mount point of the mount that a file is on.
    Optional<String> mountPoint(FileStatus status) {
        return Optional.ofNullable(mountPoints.get(status.mountId()));
    }

    /// Ignores writes to an open file until [#clearIgnored].
    void ignoreFile(String path, int file) {
        if (!ignored.contains(path) && ignored.size() < MAX_IGNORED) {
            ignored.add(path);
            fanotify.ignoreFile(file);
        }
    }

    /// Ignores writes in a directory until [#clearIgnored].
    ///
    /// @return whether the directory is newly ignored
    boolean ignoreDirectory(String directory) {
        if (ignored.contains(directory) || ignored.size() >= MAX_IGNORED) {
            return false;
        }
        long fd =
                filesystem.open(
                        directory, LinuxSyscalls.O_PATH | filesystem.kernel().abi().directory, 0);
        if (fd < 0) {
            return false;
        }
        try {
            return fanotify.ignoreDirectory((int) fd) == 0 && ignored.add(directory);
        } finally {
            filesystem.kernel().close(fd);
        }
    }

    void clearIgnored() {
        if (!ignored.isEmpty()) {
            ignored.clear();
            fanotify.clearIgnored();
        }
    }
}
