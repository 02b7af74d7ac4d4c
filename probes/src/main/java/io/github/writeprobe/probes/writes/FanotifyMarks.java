package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which mounts of a container are listened to, and what is not listened to for a while.
///
/// That a file was closed after it could be written is heard always: it costs a writer some two per
/// cent of the smallest write there is. That it was written at all costs it two thirds more, so
/// that is heard only in short windows.
final class FanotifyMarks {
    private static final int MAX_MOUNTS = 4096;
    private static final int MAX_IGNORED = 1024;
    private static final long BASE_MASK = Fanotify.CLOSE_WRITE | Fanotify.OPEN_EXEC;

    private final ContainerFilesystem filesystem;
    private final Fanotify fanotify;

    /// What is mounted now, by number.
    private Map<Integer, MountEntry> marked = Map.of();

    /// Where that was mounted; a file that is open outlives its mount.
    private final Map<Long, String> mountPoints = new HashMap<>();

    private final Map<String, Long> failures = new TreeMap<>();
    private final Set<String> ignored = new HashSet<>();
    private boolean windowOpen;

    FanotifyMarks(ContainerFilesystem filesystem, Fanotify fanotify) {
        this.filesystem = filesystem;
        this.fanotify = fanotify;
    }

    /// Listens to what is mounted now. What was unmounted, the kernel forgets by itself.
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

    /// @return what the kernel said; empty if something else is mounted there by now
    private Optional<Long> withOpenMount(MountEntry entry, Marking marking) {
        long fd = filesystem.open(entry.mountPoint(), Kernel.O_PATH, 0);
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

    /// Mount points that cannot be listened to, each with a negative errno.
    Map<String, Long> failures() {
        return failures;
    }

    /// Opens or closes the window in which each write is heard.
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

    /// Where a file's mount is mounted.
    Optional<String> mountPoint(FileStatus status) {
        return Optional.ofNullable(mountPoints.get(status.mountId()));
    }

    /// Listens to no writes to an open file until [#clearIgnored].
    void ignoreFile(String path, int file) {
        if (!ignored.contains(path) && ignored.size() < MAX_IGNORED) {
            ignored.add(path);
            fanotify.ignoreFile(file);
        }
    }

    /// Listens to no writes in a directory until [#clearIgnored].
    ///
    /// @return whether it does not from now on
    boolean ignoreDirectory(String directory) {
        if (ignored.contains(directory) || ignored.size() >= MAX_IGNORED) {
            return false;
        }
        long fd =
                filesystem.open(directory, Kernel.O_PATH | filesystem.kernel().abi().directory, 0);
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
