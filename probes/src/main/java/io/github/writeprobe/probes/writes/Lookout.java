package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.Privileges;
import io.github.writeprobe.probes.kernel.Reach;
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
/// DAC_OVERRIDE; to hear of writes SYS_ADMIN too. What is missing is told as a [Gap].
public final class Lookout implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String HANGS = "a filesystem of it does not answer";

    private final Ledger ledger = new Ledger(Ledger.Bounds.USUAL);
    private final List<Gap> gaps = new ArrayList<>();
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

    private Lookout(long pid, String container, Optional<Bell> bell) {
        this.pid = pid;
        this.container = requireNonNull(container);
        this.bell = bell;
    }

    /// Begins; returns when writes are heard, and what is open was looked at once.
    ///
    /// @param pid of the container's first process, as the engine has it
    /// @param container its id
    /// @param watch whether to hear of writes, too
    public static Lookout begin(long pid, String container, boolean watch)
            throws InterruptedException {
        return switch (Reach.here()) {
            case Reach.Without(String why) -> blind(pid, container, why);
            case Reach.Within here -> {
                Optional<String> missing = Privileges.missingToLook(here.kernel(), here.own());
                if (missing.isPresent()) {
                    yield blind(pid, container, missing.get());
                }
                Bell bell = new Bell(here.kernel(), (int) here.kernel().eventfd());
                Lookout lookout = new Lookout(pid, container, Optional.of(bell));
                Optional<String> deaf =
                        watch
                                ? Privileges.missingToWatch(here.kernel(), here.own())
                                : Optional.of("nobody asked for it");
                lookout.begin(here, bell, deaf);
                yield lookout;
            }
        };
    }

    private static Lookout blind(long pid, String container, String why) {
        Lookout lookout = new Lookout(pid, container, Optional.empty());
        lookout.gap(Gap.Kind.UNSEEN, why);
        lookout.gap(Gap.Kind.UNWATCHED, why);
        lookout.ended = true;
        lookout.heardAll.countDown();
        lookout.seenAll.countDown();
        return lookout;
    }

    private void begin(Reach.Within here, Bell end, Optional<String> deaf)
            throws InterruptedException {
        if (deaf.isPresent()) {
            gap(Gap.Kind.UNWATCHED, deaf.get());
            listening.countDown();
            heardAll.countDown();
        } else {
            start("writes-", () -> hear(new Kernel(here.abi()), end.eventfd()));
        }
        start("open-files-", () -> look(new Kernel(here.abi()), end.eventfd()));
        boolean hears = listening.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!hears || !looked.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            gap(Gap.Kind.UNSEEN, HANGS);
        }
    }

    private void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name + pid).start(work);
    }

    private synchronized void gap(Gap.Kind kind, String why) {
        gaps.add(new Gap(kind, why));
    }

    private void hear(Kernel kernel, int end) {
        try {
            Place.Held held = Place.hold(kernel, pid, container);
            if (held.place().isEmpty()) {
                gap(Gap.Kind.UNWATCHED, held.why());
                return;
            }
            try (Place place = held.place().get()) {
                long group = Fanotify.init(kernel);
                if (group < 0) {
                    gap(Gap.Kind.UNWATCHED, refusal((int) -group));
                    return;
                }
                Fanotify fanotify = Fanotify.of(kernel, (int) group);
                try (Drain drain = new Drain(place, fanotify, container, ledger, end)) {
                    hear(drain);
                }
            }
        } catch (RuntimeException e) {
            gap(Gap.Kind.UNWATCHED, e.toString());
        } finally {
            listening.countDown();
            heardAll.countDown();
        }
    }

    private void hear(Drain drain) {
        drain.listen();
        long from = System.nanoTime();
        listening.countDown();
        drain.run();
        watched = Duration.ofNanos(System.nanoTime() - from);
        drain.refused()
                .forEach((mount, errno) ->
                        gap(Gap.Kind.MOUNT, mount + " cannot be watched: errno " + -errno));
        if (drain.overflows() > 0) {
            gap(
                    Gap.Kind.OVERFLOW,
                    "it wrote more than could be taken in, and the kernel's queue was full %d times"
                            .formatted(drain.overflows()));
        }
        if (drain.lost() > 0) {
            gap(
                    Gap.Kind.OVERFLOW,
                    "%d writes went to files that could not be looked at, or whose names are too long"
                            .formatted(drain.lost()));
        }
    }

    /// What fanotify_init(2) says.
    private static String refusal(int errno) {
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
            Place.Held held = Place.hold(kernel, pid, container);
            if (held.place().isEmpty()) {
                gap(Gap.Kind.UNSEEN, held.why());
                ended = true;
                return;
            }
            try (Place place = held.place().get()) {
                OpenFiles files = new OpenFiles(place, container, pid, ledger);
                try (Looks looks = new Looks(place, files, ledger, end)) {
                    if (!looks.run(looked)) {
                        ended = true;
                        gap(Gap.Kind.ENDED, "it ended while it was watched");
                    }
                    heardAll.await();
                    gone = looks.gone();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            gap(Gap.Kind.UNSEEN, e.toString());
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
    public Account end() throws InterruptedException {
        ring();
        if (!seenAll.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            gap(Gap.Kind.UNSEEN, HANGS);
        }
        if (ledger.crowded()) {
            gap(
                    Gap.Kind.CROWD,
                    "it wrote more files than are told of one by one; their directories are told");
        }
        synchronized (this) {
            return new Account(ledger.written(gone), watched, gaps);
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
