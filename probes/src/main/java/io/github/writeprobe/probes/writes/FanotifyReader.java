package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Takes what fanotify hears of one container, and enters it in the ledger.
///
/// It looks into the queue every so often, instead of being woken, which costs those who write: so
/// the kernel can merge what follows each other. It does not wait long, since what is in the queue
/// keeps deleted files on the disk. And it never takes more than its share of a processor.
final class FanotifyReader implements AutoCloseable {
    /// Milliseconds from one look to the next where something happens, and where nothing does.
    private static final int SHORTLY = 20;

    private static final int LATER = 100;

    private static final int MOST_AT_ONCE = 4 * Fanotify.BATCH;

    /// `fs.fanotify.max_queued_events`, as it usually is.
    private static final int QUEUE = 16_384;

    private static final int EAGAIN = -11;

    /// Where there are more events than are taken at once, a directory with so many is a source.
    private static final int SOURCE = 32;

    /// A file that was closed again at so many looks one after the other, is closed without end.
    private static final int WITHOUT_END = 5;

    private static final Pattern UNNAMED = Pattern.compile("/#[0-9]+ \\(deleted\\)$");

    private static final int MOST_COUNTED = 4096;

    private static final long WINDOW_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long IGNORE_FOR = TimeUnit.SECONDS.toNanos(4);
    private static final long LAST_WORDS = TimeUnit.SECONDS.toNanos(2);

    private final ContainerFilesystem place;
    private final Kernel kernel;
    private final Fanotify fanotify;
    private final FanotifyMarks marks;
    private final ProcessOwners who;
    private final WriteLog ledger;
    private final CpuBudget budget;
    private final int bell;
    private final int epoll;

    /// How often something was written in a directory since nothing was ignored.
    private final Map<String, Integer> sources = new HashMap<>();

    /// At how many looks a file was closed, up to this one and the last.
    private Map<String, Integer> closed = new HashMap<>();

    private Map<String, Integer> closedBefore = Map.of();

    /// Nanoseconds since 1970, as files have it.
    private final long began = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    private long nextWindow = System.nanoTime();
    private long forgiveAt = nextWindow + IGNORE_FOR;
    private long overflows;
    private long lost;
    private boolean over;

    /// @param bell an eventfd that ends it
    FanotifyReader(
            ContainerFilesystem place,
            Fanotify fanotify,
            String container,
            WriteLog ledger,
            int bell) {
        this.place = place;
        this.kernel = place.kernel();
        this.fanotify = fanotify;
        this.marks = new FanotifyMarks(place, fanotify);
        this.who = new ProcessOwners(place, container);
        this.ledger = ledger;
        this.budget = new CpuBudget(System.nanoTime());
        this.bell = bell;
        this.epoll = (int) kernel.epoll();
        kernel.watch(epoll, bell, Kernel.EPOLLIN, bell);
        kernel.watch(epoll, place.process(), Kernel.EPOLLIN, place.process());
        kernel.watch(epoll, place.table(), Kernel.EPOLLPRI | Kernel.EPOLLERR, place.table());
    }

    /// Listens from now on.
    void listen() {
        place.mounts().ifPresent(marks::follow);
    }

    /// The mount points that cannot be listened to, each with a negative errno.
    Map<String, Long> refused() {
        return marks.refused();
    }

    /// Until the bell rings or the container's first process ends.
    void run() {
        int delay = SHORTLY;
        while (!over) {
            long now = System.nanoTime();
            if (now >= forgiveAt) {
                marks.ignoreNothing();
                sources.clear();
                forgiveAt = now + IGNORE_FOR;
            }
            if (now >= nextWindow) {
                marks.window(true);
                pause(SHORTLY);
                marks.window(false);
                nextWindow = now + WINDOW_EVERY;
            } else {
                pause(delay);
            }
            int taken = take();
            if (taken >= MOST_AT_ONCE) {
                delay = 0;
            } else {
                delay = taken > 0 ? SHORTLY : Math.clamp(2L * delay, SHORTLY, LATER);
            }
            pause((int) TimeUnit.NANOSECONDS.toMillis(budget.rest()));
        }
        // What was written before the end is heard too, but not what is written meanwhile.
        long end = System.nanoTime() + LAST_WORDS;
        int last = 0;
        int taken = take();
        while (taken > 0 && last < QUEUE && System.nanoTime() < end) {
            last += taken;
            taken = take();
        }
    }

    private void happened(long fd) {
        if (fd == bell || fd == place.process()) {
            over = true;
        } else if (fd == place.table()) {
            place.mounts().ifPresent(marks::follow);
        }
    }

    private void pause(int millis) {
        if (millis > 0 && !over) {
            for (long fd : kernel.await(epoll, millis)) {
                happened(fd);
            }
        }
    }

    /// @return how many events there were
    private int take() {
        long from = System.nanoTime();
        int taken = 0;
        int lostNow = 0;
        closedBefore = closed;
        closed = new HashMap<>();
        int got;
        do {
            got = fanotify.read(this::heard);
            if (got > 0) {
                taken += got;
            } else if (got != EAGAIN) {
                lostNow++;
            }
        } while ((got == Fanotify.BATCH || (got < 0 && got != EAGAIN))
                && taken + lostNow < MOST_AT_ONCE);
        lost += lostNow;
        long now = System.nanoTime();
        budget.spend(now - from, now);
        if (taken >= MOST_AT_ONCE || budget.rest() > 0) {
            ignoreSources();
        }
        return taken;
    }

    private void ignoreSources() {
        sources.forEach((directory, events) -> {
            if (events >= SOURCE && marks.ignoreIn(directory)) {
                ledger.crowd(directory);
            }
        });
    }

    private void heard(long mask, int file, int pid) {
        if ((mask & Fanotify.OVERFLOW) != 0) {
            overflows++;
            return;
        }
        ProcessOwners.Known by = who.of(pid);
        if (!by.member()) {
            return;
        }
        Optional<FileStatus> status = place.calls().status(file);
        Optional<String> name = kernel.nameOf(file);
        if (status.isEmpty() || name.isEmpty()) {
            lost++;
            return;
        }
        Optional<String> path = path(name.get(), status.get());
        if (path.isPresent()
                && !onlyTried(path.get(), status.get(), by)
                && !procfsProbe(name.get(), status.get(), by)) {
            enter(mask, path.get(), status.get(), pid, by);
            if ((mask & Fanotify.CLOSE_WRITE) != 0 && closed.size() < MOST_COUNTED) {
                int looks = 1 + closedBefore.getOrDefault(path.get(), 0);
                closed.put(path.get(), looks);
                if (looks >= WITHOUT_END) {
                    marks.ignore(path.get(), file);
                }
            }
        }
    }

    private Optional<String> path(String name, FileStatus status) {
        Optional<String> path = place.inside(name, status);
        Optional<String> mountPoint = marks.mountPoint(status);
        if (mountPoint.isEmpty()
                || path.filter(p -> MountTable.isAtOrBelow(p, mountPoint.get())).isPresent()) {
            return path;
        }
        // What was unmounted while it was in use has a name that begins where it was mounted.
        String top = mountPoint.get().equals("/") ? "" : mountPoint.get();
        return Optional.of(
                top
                        + (name.endsWith(ContainerFilesystem.DELETED) && status.links() == 0
                                ? name.substring(
                                        0, name.length() - ContainerFilesystem.DELETED.length())
                                : name));
    }

    /// Whether a file that is a mount of its own was opened and left as it was, by somebody who has
    /// ended: so the exec probe does, and is too fast to be recognised.
    private boolean onlyTried(String path, FileStatus status, ProcessOwners.Known by) {
        return by.ended()
                && status.modified() < began
                && marks.mountPoint(status).filter(path::equals).isPresent();
    }

    /// The same for the procfs probe, which writes two bytes to a file that never had a name: the
    /// kernel calls it by its inode. Its process is none of the container's, but who can tell that
    /// when it has ended?
    private static boolean procfsProbe(String name, FileStatus status, ProcessOwners.Known by) {
        return by.ended()
                && status.links() == 0
                && status.bytes() <= Kernel.SOMETHING
                && UNNAMED.matcher(name).find();
    }

    private void enter(long mask, String path, FileStatus status, int pid, ProcessOwners.Known by) {
        boolean deleted = status.links() == 0;
        if ((mask & Fanotify.OPEN_EXEC) != 0) {
            who.runs(pid, path);
            ledger.executed(path, deleted);
        }
        if ((mask & (Fanotify.MODIFY | Fanotify.CLOSE_WRITE)) != 0) {
            if (sources.size() < MOST_COUNTED) {
                sources.merge(WriteLog.parent(path), 1, Integer::sum);
            }
            ledger.wrote(path, FileType.REGULAR, deleted, status.bytes(), by.name());
        }
    }

    /// How often the queue was full, so that nobody knows what was written.
    long overflows() {
        return overflows;
    }

    /// How many writes were heard of files that could not be looked at.
    long lost() {
        return lost;
    }

    @Override
    public void close() {
        fanotify.close();
        kernel.close(epoll);
    }
}
