package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.KernelAccess;
import io.github.writeprobe.probes.kernel.Privileges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Sees what one container writes, from now on until it is ended.
///
/// Two threads see: one hears of writes, by fanotify(7), the other looks at what is open, in
/// procfs. Neither ever makes the container wait. Several lookouts do not know of each other; each
/// has an fanotify group, of which a user has 128 unless `fs.fanotify.max_user_groups` says
/// otherwise.
///
/// It needs Linux 5.6, the machine's PID namespace, and the capabilities SYS_PTRACE and
/// DAC_OVERRIDE; to hear of writes SYS_ADMIN too. What is missing is told as a [ObservationGap].
public final class WriteObserver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String HANGS = "a filesystem of it does not answer";

    private final WriteLog ledger = new WriteLog(WriteLog.Bounds.USUAL);
    private final List<ObservationGap> gaps = new ArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final CountDownLatch looked = new CountDownLatch(1);
    private final CountDownLatch heardAll = new CountDownLatch(1);
    private final CountDownLatch seenAll = new CountDownLatch(1);
    private final long pid;
    private final String container;
    private final Optional<Bell> bell;
    private volatile Set<String> gone = Set.of();
    private volatile Duration watched = Duration.ZERO;
    private volatile boolean ended;
    private boolean closed;

    /// Ends both threads, from any other one.
    private record Bell(Kernel kernel, int eventfd) {}

    private WriteObserver(long pid, String container, Optional<Bell> bell) {
        this.pid = pid;
        this.container = requireNonNull(container);
        this.bell = bell;
    }

    /// Begins; returns when writes are heard, and what is open was looked at once.
    ///
    /// @param pid of the container's first process, as the engine has it
    /// @param container its id
    /// @param watch whether to hear of writes, too
    public static WriteObserver begin(long pid, String container, boolean watch)
            throws InterruptedException {
        return switch (KernelAccess.here()) {
            case KernelAccess.Without(String why) -> blind(pid, container, why);
            case KernelAccess.Within here -> {
                Optional<String> missing = Privileges.missingToLook(here.kernel(), here.own());
                if (missing.isPresent()) {
                    yield blind(pid, container, missing.get());
                }
                Bell bell = new Bell(here.kernel(), (int) here.kernel().eventfd());
                WriteObserver lookout = new WriteObserver(pid, container, Optional.of(bell));
                Optional<String> deaf =
                        watch
                                ? Privileges.missingToWatch(here.kernel(), here.own())
                                : Optional.of("nobody asked for it");
                lookout.begin(here, bell, deaf);
                yield lookout;
            }
        };
    }

    private static WriteObserver blind(long pid, String container, String why) {
        WriteObserver lookout = new WriteObserver(pid, container, Optional.empty());
        lookout.gap(ObservationGap.Kind.UNSEEN, why);
        lookout.gap(ObservationGap.Kind.UNWATCHED, why);
        lookout.ended = true;
        lookout.heardAll.countDown();
        lookout.seenAll.countDown();
        return lookout;
    }

    private void begin(KernelAccess.Within here, Bell end, Optional<String> deaf)
            throws InterruptedException {
        if (deaf.isPresent()) {
            gap(ObservationGap.Kind.UNWATCHED, deaf.get());
            listening.countDown();
            heardAll.countDown();
        } else {
            start("writes-", () -> hear(new Kernel(here.abi()), end.eventfd()));
        }
        start("open-files-", () -> look(new Kernel(here.abi()), end.eventfd()));
        boolean hears = listening.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!hears || !looked.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            gap(ObservationGap.Kind.UNSEEN, HANGS);
        }
    }

    private void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name + pid).start(work);
    }

    private synchronized void gap(ObservationGap.Kind kind, String why) {
        gaps.add(new ObservationGap(kind, why));
    }

    private void hear(Kernel kernel, int end) {
        try {
            ContainerFilesystem.Held held = ContainerFilesystem.hold(kernel, pid, container);
            if (held.place().isEmpty()) {
                gap(ObservationGap.Kind.UNWATCHED, held.why());
                return;
            }
            try (ContainerFilesystem place = held.place().get()) {
                long group = Fanotify.init(kernel);
                if (group < 0) {
                    gap(ObservationGap.Kind.UNWATCHED, refusal((int) -group));
                    return;
                }
                Fanotify fanotify = Fanotify.of(kernel, (int) group);
                try (FanotifyReader drain =
                        new FanotifyReader(place, fanotify, container, ledger, end)) {
                    hear(drain);
                }
            }
        } catch (RuntimeException e) {
            gap(ObservationGap.Kind.UNWATCHED, e.toString());
        } finally {
            listening.countDown();
            heardAll.countDown();
        }
    }

    private void hear(FanotifyReader drain) {
        drain.listen();
        long from = System.nanoTime();
        listening.countDown();
        drain.run();
        watched = Duration.ofNanos(System.nanoTime() - from);
        drain.refused()
                .forEach((mount, errno) ->
                        gap(
                                ObservationGap.Kind.MOUNT,
                                mount + " cannot be watched: errno " + -errno));
        if (drain.overflows() > 0) {
            gap(
                    ObservationGap.Kind.OVERFLOW,
                    "it wrote more than could be taken in, and the kernel's queue was full %d times"
                            .formatted(drain.overflows()));
        }
        if (drain.lost() > 0) {
            gap(
                    ObservationGap.Kind.OVERFLOW,
                    "%d writes went to files that could not be looked at, or whose names are too long"
                            .formatted(drain.lost()));
        }
    }

    /// What fanotify_init(2) says.
    static String refusal(int errno) {
        return switch (errno) {
            case 1 ->
                    "it needs root, or CAP_SYS_ADMIN, in the machine's own user namespace: fanotify is not"
                            + " permitted";
            case 24 ->
                    "this user has as many fanotify groups as it may: raise"
                            + " fs.fanotify.max_user_groups";
            case 38 -> "this kernel has no fanotify";
            default -> "fanotify does not work here: errno " + errno;
        };
    }

    private void look(Kernel kernel, int end) {
        try {
            ContainerFilesystem.Held held = ContainerFilesystem.hold(kernel, pid, container);
            if (held.place().isEmpty()) {
                gap(ObservationGap.Kind.UNSEEN, held.why());
                ended = true;
                return;
            }
            try (ContainerFilesystem place = held.place().get()) {
                OpenFiles files = new OpenFiles(place, container, pid, ledger);
                try (OpenFilePoller looks = new OpenFilePoller(place, files, ledger, end)) {
                    if (!looks.run(looked)) {
                        ended = true;
                        gap(ObservationGap.Kind.ENDED, "it ended while it was watched");
                    }
                    heardAll.await();
                    gone = looks.gone();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            gap(ObservationGap.Kind.UNSEEN, e.toString());
        } finally {
            looked.countDown();
            seenAll.countDown();
        }
    }

    /// How far it has come.
    ///
    /// @param files that were seen
    /// @param events how many writes were heard
    /// @param ended whether there is nothing more to see, since the container has ended or cannot
    ///   be seen
    public record Tally(int files, long events, boolean ended) {}

    public Tally tally() {
        return new Tally(ledger.size(), ledger.events(), ended);
    }

    /// Ends it.
    ///
    /// @return what was seen
    public WriteObservations end() throws InterruptedException {
        ring();
        if (!seenAll.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            gap(ObservationGap.Kind.UNSEEN, HANGS);
        }
        if (ledger.crowded()) {
            gap(
                    ObservationGap.Kind.CROWD,
                    "it wrote more files than are told of one by one; their directories are told");
        }
        synchronized (this) {
            return new WriteObservations(ledger.written(gone), watched, gaps);
        }
    }

    private synchronized void ring() {
        if (!closed) {
            bell.ifPresent(b -> b.kernel().wake(b.eventfd()));
        }
    }

    /// Lets go of all that was held. Whoever hangs is left behind, and ends with the process.
    @Override
    public void close() {
        ring();
        try {
            boolean over =
                    heardAll.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                            && seenAll.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                if (over && !closed) {
                    closed = true;
                    bell.ifPresent(b -> b.kernel().close(b.eventfd()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
