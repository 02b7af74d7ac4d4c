package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.Fanotify;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Observes what one container writes, from its start until it is stopped.
///
/// It has two threads: one reads the write events of fanotify(7), the other scans open files in
/// procfs. Neither ever makes the container wait. Several observers are independent of each other.
/// Each has a fanotify group, of which a user can have 128 unless `fs.fanotify.max_user_groups`
/// says otherwise.
///
/// It needs Linux 5.6, the host's PID namespace, and the capabilities SYS_PTRACE and DAC_OVERRIDE.
/// Watching writes also needs SYS_ADMIN. If one of these is missing, there is an
/// [WriteObservationGap].
public final class WriteObserver implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String HANGS = "one of its filesystems does not answer";

    private final WrittenFiles writeLog = new WrittenFiles(WrittenFiles.Bounds.DEFAULT);
    private final List<WriteObservationGap> gaps = new ArrayList<>();
    private final CountDownLatch watching = new CountDownLatch(1);
    private final CountDownLatch firstPollDone = new CountDownLatch(1);
    private final CountDownLatch eventsDone = new CountDownLatch(1);
    private final CountDownLatch pollingDone = new CountDownLatch(1);
    private final long pid;
    private final String container;
    private final Optional<StopSignal> stopSignal;
    private volatile Set<String> deletedPaths = Set.of();
    private volatile Duration watched = Duration.ZERO;
    private volatile boolean ended;
    private boolean closed;

    /// Stops both threads, from any other thread.
    private record StopSignal(LinuxSyscalls kernel, int eventfd) {}

    private WriteObserver(long pid, String container, Optional<StopSignal> stopSignal) {
        this.pid = pid;
        this.container = requireNonNull(container);
        this.stopSignal = stopSignal;
    }

    /// Starts an observer. Returns when writes are reported and open files were scanned once.
    ///
    /// @param pid of the container's first process, as the engine reports it
    /// @param container the container's id
    /// @param watch whether to watch writes, in addition to scanning open files
    public static WriteObserver start(long pid, String container, boolean watch)
            throws InterruptedException {
        return switch (SyscallAvailability.detect()) {
            case SyscallAvailability.Unavailable(String reason) ->
                    unobservable(pid, container, reason);
            case SyscallAvailability.Available access -> {
                Optional<String> missing =
                        OwnPrivilegeCheck.missingToReadFiles(access.kernel(), access.self());
                if (missing.isPresent()) {
                    yield unobservable(pid, container, missing.get());
                }
                StopSignal stopSignal =
                        new StopSignal(access.kernel(), (int) access.kernel().eventfd());
                WriteObserver observer = new WriteObserver(pid, container, Optional.of(stopSignal));
                Optional<String> unwatchedReason =
                        watch
                                ? OwnPrivilegeCheck.missingToWatch(access.kernel(), access.self())
                                : Optional.of("it was not requested");
                observer.startThreads(access, stopSignal, unwatchedReason);
                yield observer;
            }
        };
    }

    private static WriteObserver unobservable(long pid, String container, String reason) {
        WriteObserver observer = new WriteObserver(pid, container, Optional.empty());
        observer.addGap(WriteObservationGap.Kind.UNSEEN, reason);
        observer.addGap(WriteObservationGap.Kind.UNWATCHED, reason);
        observer.ended = true;
        observer.eventsDone.countDown();
        observer.pollingDone.countDown();
        return observer;
    }

    /// Whether processes can be observed from here at all, if there are any.
    public boolean canObserve() {
        return stopSignal.isPresent();
    }

    private void startThreads(
            SyscallAvailability.Available access, StopSignal stop, Optional<String> unwatchedReason)
            throws InterruptedException {
        if (unwatchedReason.isPresent()) {
            addGap(WriteObservationGap.Kind.UNWATCHED, unwatchedReason.get());
            watching.countDown();
            eventsDone.countDown();
        } else {
            startThread(
                    "writes-", () -> readEvents(new LinuxSyscalls(access.abi()), stop.eventfd()));
        }
        startThread(
                "open-files-",
                () -> pollOpenFiles(new LinuxSyscalls(access.abi()), stop.eventfd()));
        boolean ready = watching.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (!ready || !firstPollDone.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            addGap(WriteObservationGap.Kind.UNSEEN, HANGS);
        }
    }

    private void startThread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name + pid).start(work);
    }

    private synchronized void addGap(WriteObservationGap.Kind kind, String reason) {
        gaps.add(new WriteObservationGap(kind, reason));
    }

    private void readEvents(LinuxSyscalls kernel, int stopEvent) {
        try {
            ContainerFilesystem.OpenResult result =
                    ContainerFilesystem.openContainer(kernel, pid, container);
            if (result.filesystem().isEmpty()) {
                addGap(WriteObservationGap.Kind.UNWATCHED, result.reason());
                return;
            }
            try (ContainerFilesystem filesystem = result.filesystem().get()) {
                long group = Fanotify.init(kernel);
                if (group < 0) {
                    addGap(WriteObservationGap.Kind.UNWATCHED, describeFanotifyError((int) -group));
                    return;
                }
                Fanotify fanotify = Fanotify.of(kernel, (int) group);
                try (FanotifyReader reader =
                        new FanotifyReader(filesystem, fanotify, container, writeLog, stopEvent)) {
                    readEvents(reader);
                }
            }
        } catch (RuntimeException e) {
            addGap(WriteObservationGap.Kind.UNWATCHED, e.toString());
        } finally {
            watching.countDown();
            eventsDone.countDown();
        }
    }

    private void readEvents(FanotifyReader reader) {
        reader.start();
        long startNanos = System.nanoTime();
        watching.countDown();
        reader.run();
        watched = Duration.ofNanos(System.nanoTime() - startNanos);
        reader.failedMounts()
                .forEach((mount, errno) ->
                        addGap(
                                WriteObservationGap.Kind.MOUNT,
                                mount + " cannot be watched: errno " + -errno));
        if (reader.overflows() > 0) {
            addGap(
                    WriteObservationGap.Kind.OVERFLOW,
                    "it wrote faster than events were read: the kernel's queue was full %d times"
                            .formatted(reader.overflows()));
        }
        if (reader.lost() > 0) {
            addGap(
                    WriteObservationGap.Kind.OVERFLOW,
                    "%d writes went to files that could not be inspected, or with too long names"
                            .formatted(reader.lost()));
        }
    }

    /// A message for an error of fanotify_init(2).
    static String describeFanotifyError(int errno) {
        return switch (errno) {
            case 1 ->
                    "fanotify is not permitted: it needs root, or CAP_SYS_ADMIN, in the host's"
                            + " initial user namespace";
            case 24 ->
                    "this user has reached its limit of fanotify groups: raise"
                            + " fs.fanotify.max_user_groups";
            case 38 -> "this kernel has no fanotify";
            default -> "fanotify does not work here: errno " + errno;
        };
    }

    private void pollOpenFiles(LinuxSyscalls kernel, int stopEvent) {
        try {
            ContainerFilesystem.OpenResult result =
                    ContainerFilesystem.openContainer(kernel, pid, container);
            if (result.filesystem().isEmpty()) {
                addGap(WriteObservationGap.Kind.UNSEEN, result.reason());
                ended = true;
                return;
            }
            try (ContainerFilesystem filesystem = result.filesystem().get()) {
                OpenFiles files = new OpenFiles(filesystem, container, pid, writeLog);
                try (OpenFilePoller poller =
                        new OpenFilePoller(filesystem, files, writeLog, stopEvent)) {
                    if (!poller.run(firstPollDone)) {
                        ended = true;
                        addGap(WriteObservationGap.Kind.ENDED, "it ended while it was watched");
                    }
                    eventsDone.await();
                    deletedPaths = poller.deletedPaths();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            addGap(WriteObservationGap.Kind.UNSEEN, e.toString());
        } finally {
            firstPollDone.countDown();
            pollingDone.countDown();
        }
    }

    /// The progress so far.
    ///
    /// @param files the number of files that were seen
    /// @param events the number of writes that were reported
    /// @param ended whether nothing more can be seen, since the container has ended or cannot be
    ///   inspected
    public record Progress(int files, long events, boolean ended) {}

    public Progress progress() {
        return new Progress(writeLog.size(), writeLog.events(), ended);
    }

    /// Stops the observer.
    ///
    /// @return what was seen
    public WriteObservations stop() throws InterruptedException {
        signalStop();
        if (!pollingDone.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            addGap(WriteObservationGap.Kind.UNSEEN, HANGS);
        }
        if (writeLog.isTruncated()) {
            addGap(
                    WriteObservationGap.Kind.TOO_MANY_FILES,
                    "it wrote more files than can be listed; their directories are listed instead");
        }
        synchronized (this) {
            return new WriteObservations(writeLog.writtenFiles(deletedPaths), watched, gaps);
        }
    }

    private synchronized void signalStop() {
        if (!closed) {
            stopSignal.ifPresent(b -> b.kernel().wake(b.eventfd()));
        }
    }

    /// Releases all resources. A thread that hangs is not awaited; it ends with the process.
    @Override
    public void close() {
        signalStop();
        try {
            boolean done =
                    eventsDone.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                            && pollingDone.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                if (done && !closed) {
                    closed = true;
                    stopSignal.ifPresent(b -> b.kernel().close(b.eventfd()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
