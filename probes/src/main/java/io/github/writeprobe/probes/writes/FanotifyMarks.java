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
    private static final int MOST_MOUNTS = 4096;
    private static final int MOST_IGNORED = 1024;
    private static final long ALWAYS = Fanotify.CLOSE_WRITE | Fanotify.OPEN_EXEC;

    private final ContainerFilesystem place;
    private final Fanotify fanotify;

    /// What is mounted now, by number.
    private Map<Integer, MountEntry> marked = Map.of();

    /// Where that was mounted; a file that is open outlives its mount.
    private final Map<Long, String> points = new HashMap<>();

    private final Map<String, Long> refused = new TreeMap<>();
    private final Set<String> ignored = new HashSet<>();
    private boolean open;

    FanotifyMarks(ContainerFilesystem place, Fanotify fanotify) {
        this.place = place;
        this.fanotify = fanotify;
    }

    /// Listens to what is mounted now. What was unmounted, the kernel forgets by itself.
    void follow(MountTable table) {
        Map<Integer, MountEntry> now = new HashMap<>();
        table.reachable().stream()
                .filter(FanotifyMarks::storesSomething)
                .limit(MOST_MOUNTS)
                .forEach(e -> now.put(e.id(), e));
        for (MountEntry entry : now.values()) {
            if (!entry.equals(marked.get(entry.id()))) {
                listen(entry, ALWAYS | (open ? Fanotify.MODIFY : 0));
                points.put((long) entry.id(), entry.mountPoint());
            }
        }
        marked = now;
    }

    private static boolean storesSomething(MountEntry entry) {
        return !entry.kernelFilesystem()
                && !entry.mountPoint().startsWith("/proc/")
                && !entry.mountPoint().startsWith("/sys/");
    }

    private void listen(MountEntry entry, long mask) {
        on(entry, fd -> fanotify.listen(fd, mask))
                .filter(r -> r < 0)
                .ifPresent(r -> refused.put(entry.mountPoint(), r));
    }

    private interface Marking {
        long mark(int mount);
    }

    /// @return what the kernel said; empty if something else is mounted there by now
    private Optional<Long> on(MountEntry entry, Marking marking) {
        long fd = place.open(entry.mountPoint(), Kernel.O_PATH, 0);
        if (fd < 0) {
            return Optional.of(fd);
        }
        try {
            boolean same =
                    place.calls()
                            .status((int) fd)
                            .map(FileStatus::mount)
                            .filter(m -> m == 0 || m == entry.id())
                            .isPresent();
            return same ? Optional.of(marking.mark((int) fd)) : Optional.empty();
        } finally {
            place.kernel().close(fd);
        }
    }

    /// Mount points that cannot be listened to, each with a negative errno.
    Map<String, Long> refused() {
        return refused;
    }

    /// Opens or closes the window in which each write is heard.
    void window(boolean open) {
        if (this.open == open) {
            return;
        }
        this.open = open;
        for (MountEntry entry : marked.values()) {
            if (!entry.readOnly()) {
                on(
                        entry,
                        fd ->
                                open
                                        ? fanotify.listen(fd, Fanotify.MODIFY)
                                        : fanotify.unlisten(fd, Fanotify.MODIFY));
            }
        }
    }

    /// Where a file's mount is mounted.
    Optional<String> mountPoint(FileStatus status) {
        return Optional.ofNullable(points.get(status.mount()));
    }

    /// Listens to no writes to an open file until [#ignoreNothing].
    void ignore(String path, int file) {
        if (!ignored.contains(path) && ignored.size() < MOST_IGNORED) {
            ignored.add(path);
            fanotify.ignore(file);
        }
    }

    /// Listens to no writes in a directory until [#ignoreNothing].
    ///
    /// @return whether it does not from now on
    boolean ignoreIn(String directory) {
        if (ignored.contains(directory) || ignored.size() >= MOST_IGNORED) {
            return false;
        }
        long fd = place.open(directory, Kernel.O_PATH | place.kernel().abi().directory, 0);
        if (fd < 0) {
            return false;
        }
        try {
            return fanotify.ignoreIn((int) fd) == 0 && ignored.add(directory);
        } finally {
            place.kernel().close(fd);
        }
    }

    void ignoreNothing() {
        if (!ignored.isEmpty()) {
            ignored.clear();
            fanotify.ignoreNothing();
        }
    }
}
