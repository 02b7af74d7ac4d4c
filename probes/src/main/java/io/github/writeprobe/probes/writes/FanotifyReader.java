package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.CpuBudget;
import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Reads the fanotify events of one container into the write log.
///
/// It polls the queue instead of being woken, since a wake-up costs the processes that write;
/// between two reads the kernel can merge events. The delay is short, since queued events keep
/// deleted files on the disk. The CPU time of the reader is limited.
final class FanotifyReader implements AutoCloseable {
    /// The delay between two reads: the shortest, while there are events, and the longest.
    private static final int MIN_DELAY_MILLIS = 20;

    private static final int MAX_DELAY_MILLIS = 100;

    private static final int MAX_EVENTS_PER_READ = 4 * Fanotify.BATCH;

    /// The default of `fs.fanotify.max_queued_events`.
    private static final int DEFAULT_QUEUE_SIZE = 16_384;

    private static final int EAGAIN = -11;

    /// If there are more events than one read takes, a directory with this many events is ignored
    /// for some time.
    private static final int BUSY_DIRECTORY_EVENTS = 32;

    /// A file that was closed in this many consecutive reads is ignored for some time.
    private static final int CONTINUOUS_CLOSES = 5;

    private static final Pattern UNNAMED = Pattern.compile("/#[0-9]+ \\(deleted\\)$");

    private static final int MAX_COUNTED = 4096;

    private static final long MODIFY_WINDOW_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private static final long IGNORE_DURATION = TimeUnit.SECONDS.toNanos(4);
    private static final long FINAL_READ_LIMIT = TimeUnit.SECONDS.toNanos(2);

    private final ContainerFilesystem filesystem;
    private final LinuxSyscalls kernel;
    private final Fanotify fanotify;
    private final FanotifyMarks marks;
    private final ProcessMembership owners;
    private final WrittenFiles writeLog;
    private final CpuBudget budget;
    private final int stopEvent;
    private final int epoll;

    /// The number of writes in each directory since the ignored ones were last cleared.
    private final Map<String, Integer> eventsByDirectory = new HashMap<>();

    /// In how many consecutive reads each file was closed, up to this read and up to the previous
    /// one.
    private Map<String, Integer> closeCounts = new HashMap<>();

    private Map<String, Integer> previousCloseCounts = Map.of();

    /// In nanoseconds since 1970, like the time stamps of files.
    private final long startedEpochNanos =
            TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    private long nextWindow = System.nanoTime();
    private long clearIgnoredAt = nextWindow + IGNORE_DURATION;
    private long overflows;
    private long lost;
    private boolean stopped;

    /// @param stopEvent an eventfd that ends it
    FanotifyReader(
            ContainerFilesystem filesystem,
            Fanotify fanotify,
            String container,
            WrittenFiles writeLog,
            int stopEvent) {
        this.filesystem = filesystem;
        this.kernel = filesystem.kernel();
        this.fanotify = fanotify;
        this.marks = new FanotifyMarks(filesystem, fanotify);
        this.owners = new ProcessMembership(filesystem, container);
        this.writeLog = writeLog;
        this.budget = new CpuBudget(System.nanoTime());
        this.stopEvent = stopEvent;
        this.epoll = (int) kernel.epoll();
        kernel.watch(epoll, stopEvent, LinuxSyscalls.EPOLLIN, stopEvent);
        kernel.watch(epoll, filesystem.pidfd(), LinuxSyscalls.EPOLLIN, filesystem.pidfd());
        kernel.watch(
                epoll,
                filesystem.mountTableFd(),
                LinuxSyscalls.EPOLLPRI | LinuxSyscalls.EPOLLERR,
                filesystem.mountTableFd());
    }

    /// Marks the mounts, so that events are reported from now on.
    void start() {
        filesystem.mounts().ifPresent(marks::update);
    }

    /// The mount points that cannot be watched, each with a negative errno.
    Map<String, Long> failedMounts() {
        return marks.failures();
    }

    /// Runs until the stop event or the end of the container's first process.
    void run() {
        int delay = MIN_DELAY_MILLIS;
        while (!stopped) {
            long now = System.nanoTime();
            if (now >= clearIgnoredAt) {
                marks.clearIgnored();
                eventsByDirectory.clear();
                clearIgnoredAt = now + IGNORE_DURATION;
            }
            if (now >= nextWindow) {
                marks.setModifyWindow(true);
                pause(MIN_DELAY_MILLIS);
                marks.setModifyWindow(false);
                nextWindow = now + MODIFY_WINDOW_INTERVAL;
            } else {
                pause(delay);
            }
            int eventsRead = readEvents();
            if (eventsRead >= MAX_EVENTS_PER_READ) {
                delay = 0;
            } else {
                delay =
                        eventsRead > 0
                                ? MIN_DELAY_MILLIS
                                : Math.clamp(2L * delay, MIN_DELAY_MILLIS, MAX_DELAY_MILLIS);
            }
            pause((int) TimeUnit.NANOSECONDS.toMillis(budget.pauseNanos()));
        }
        // Reads what was written before the end, but not what is still being written.
        long end = System.nanoTime() + FINAL_READ_LIMIT;
        int drained = 0;
        int eventsRead = readEvents();
        while (eventsRead > 0 && drained < DEFAULT_QUEUE_SIZE && System.nanoTime() < end) {
            drained += eventsRead;
            eventsRead = readEvents();
        }
    }

    private void handleWakeup(long fd) {
        if (fd == stopEvent || fd == filesystem.pidfd()) {
            stopped = true;
        } else if (fd == filesystem.mountTableFd()) {
            filesystem.mounts().ifPresent(marks::update);
        }
    }

    private void pause(int millis) {
        if (millis > 0 && !stopped) {
            for (long fd : kernel.await(epoll, millis)) {
                handleWakeup(fd);
            }
        }
    }

    /// @return the number of events
    private int readEvents() {
        long startNanos = System.nanoTime();
        int eventsRead = 0;
        int lostInRead = 0;
        previousCloseCounts = closeCounts;
        closeCounts = new HashMap<>();
        int count;
        do {
            count = fanotify.read(this::handleEvent);
            if (count > 0) {
                eventsRead += count;
            } else if (count != EAGAIN) {
                lostInRead++;
            }
        } while ((count == Fanotify.BATCH || (count < 0 && count != EAGAIN))
                && eventsRead + lostInRead < MAX_EVENTS_PER_READ);
        lost += lostInRead;
        long now = System.nanoTime();
        budget.spend(now - startNanos, now);
        if (eventsRead >= MAX_EVENTS_PER_READ || budget.pauseNanos() > 0) {
            ignoreBusyDirectories();
        }
        return eventsRead;
    }

    private void ignoreBusyDirectories() {
        eventsByDirectory.forEach((directory, events) -> {
            if (events >= BUSY_DIRECTORY_EVENTS && marks.ignoreDirectory(directory)) {
                writeLog.recordOmitted(directory);
            }
        });
    }

    private void handleEvent(long mask, int file, int pid) {
        if ((mask & Fanotify.OVERFLOW) != 0) {
            overflows++;
            return;
        }
        ProcessMembership.CachedProcess process = owners.lookUp(pid);
        if (!process.member()) {
            return;
        }
        Optional<FileStatus> status = filesystem.fileCalls().status(file);
        Optional<String> name = kernel.pathOf(file);
        if (status.isEmpty() || name.isEmpty()) {
            lost++;
            return;
        }
        Optional<String> path = path(name.get(), status.get());
        if (path.isPresent()
                && !isExecProbe(path.get(), status.get(), process)
                && !isProcfsProbe(name.get(), status.get(), process)) {
            logEvent(mask, path.get(), status.get(), pid, process);
            if ((mask & Fanotify.CLOSE_WRITE) != 0 && closeCounts.size() < MAX_COUNTED) {
                int closes = 1 + previousCloseCounts.getOrDefault(path.get(), 0);
                closeCounts.put(path.get(), closes);
                if (closes >= CONTINUOUS_CLOSES) {
                    marks.ignoreFile(path.get(), file);
                }
            }
        }
    }

    private Optional<String> path(String name, FileStatus status) {
        Optional<String> path = filesystem.containerPath(name, status);
        Optional<String> mountPoint = marks.mountPoint(status);
        if (mountPoint.isEmpty()
                || path.filter(p -> MountTable.isAtOrBelow(p, mountPoint.get())).isPresent()) {
            return path;
        }
        // The kernel's name of a file on a mount that was unmounted while in use begins at the root
        // of that mount.
        String top = mountPoint.get().equals("/") ? "" : mountPoint.get();
        return Optional.of(
                top
                        + (name.endsWith(ContainerFilesystem.DELETED_SUFFIX)
                                        && status.linkCount() == 0
                                ? name.substring(
                                        0,
                                        name.length() - ContainerFilesystem.DELETED_SUFFIX.length())
                                : name));
    }

    /// Whether a process that has ended opened a mounted file and did not change it. The exec probe
    /// does that, and ends before it can be recognised.
    private boolean isExecProbe(
            String path, FileStatus status, ProcessMembership.CachedProcess process) {
        return process.ended()
                && status.modifiedNanos() < startedEpochNanos
                && marks.mountPoint(status).filter(path::equals).isPresent();
    }

    /// The same for the procfs probe, which writes two bytes to an unnamed file, which the kernel
    /// names by its inode. The probe's process does not belong to the container, but that cannot be
    /// determined after it has ended.
    private static boolean isProcfsProbe(
            String name, FileStatus status, ProcessMembership.CachedProcess process) {
        return process.ended()
                && status.linkCount() == 0
                && status.bytes() <= LinuxSyscalls.PROBE_BYTES
                && UNNAMED.matcher(name).find();
    }

    private void logEvent(
            long mask,
            String path,
            FileStatus status,
            int pid,
            ProcessMembership.CachedProcess process) {
        boolean deleted = status.linkCount() == 0;
        if ((mask & Fanotify.OPEN_EXEC) != 0) {
            owners.recordExec(pid, path);
            writeLog.recordExecution(path, deleted);
        }
        if ((mask & (Fanotify.MODIFY | Fanotify.CLOSE_WRITE)) != 0) {
            if (eventsByDirectory.size() < MAX_COUNTED) {
                eventsByDirectory.merge(WrittenFiles.parent(path), 1, Integer::sum);
            }
            writeLog.recordWrite(path, FileType.REGULAR, deleted, status.bytes(), process.name());
        }
    }

    /// How often the queue was full, so that events were lost.
    long overflows() {
        return overflows;
    }

    /// The number of reported writes to files that could not be inspected.
    long lost() {
        return lost;
    }

    @Override
    public void close() {
        fanotify.close();
        kernel.close(epoll);
    }
}
