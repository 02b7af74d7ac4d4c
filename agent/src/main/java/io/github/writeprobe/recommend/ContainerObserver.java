package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.ObservationGap;
import io.github.writeprobe.probes.writes.ProcfsFiles;
import io.github.writeprobe.probes.writes.WriteObservations;
import io.github.writeprobe.probes.writes.WriteObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Finds out what one container writes, from now on until it is ended, from every source there is.
///
/// A container that ends is waited for a little: if it starts again it is watched again, and what
/// both wrote counts. Several can be observed at once, each by itself; see [#observeAll]. Belongs
/// to one thread at a time.
public final class ContainerObserver implements AutoCloseable {
    /// How long a container that has ended is waited for.
    private static final Duration RESTART_TIMEOUT = Duration.ofSeconds(10);

    /// A container that ends again and again is not followed for ever.
    private static final int MAX_STARTS = 20;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration ENGINE_POLL_INTERVAL = Duration.ofSeconds(1);

    private final RecommendEngine recommendEngine;
    private final Subject subject;
    private final boolean watch;

    /// Whether it could be seen at all.
    private final boolean initiallyVisible;

    private final List<WriteObservations> observations = new ArrayList<>();
    private WriteObserver writeObserver;
    private long pid;
    private Optional<Long> endedAt = Optional.empty();
    private long lastEnginePoll;
    private long earlierFiles;
    private long earlierWrites;

    private ContainerObserver(
            RecommendEngine recommendEngine,
            Subject subject,
            boolean watch,
            WriteObserver writeObserver) {
        this.recommendEngine = requireNonNull(recommendEngine);
        this.subject = requireNonNull(subject);
        this.watch = watch;
        this.writeObserver = writeObserver;
        this.pid = subject.container().pid();
        this.initiallyVisible = !writeObserver.progress().ended();
    }

    /// Begins; returns once writes are heard, and what stands open was looked at.
    ///
    /// @param watch whether writes are watched; else the container is looked at, and no more
    public static ContainerObserver start(
            RecommendEngine recommendEngine, Subject subject, boolean watch)
            throws InterruptedException {
        return new ContainerObserver(
                recommendEngine,
                subject,
                watch,
                WriteObserver.start(subject.container().pid(), subject.container().id(), watch));
    }

    /// How far it has come.
    ///
    /// @param files that were seen to be written or open
    /// @param writes that were seen
    /// @param finished whether there is nothing to wait for: the container has ended and did not
    ///   start again, or nobody can look at it from here
    public record Progress(long files, long writes, boolean finished) {}

    /// Looks how far it has come, and whether a container that ended is there again. To be asked
    /// several times a second.
    public Progress poll() throws InterruptedException {
        boolean finished = false;
        if (writeObserver.progress().ended()) {
            long nanos = System.nanoTime();
            long since = endedAt.orElse(nanos);
            endedAt = Optional.of(since);
            finished = nanos - since > RESTART_TIMEOUT.toNanos() || !checkRestart(nanos);
        }
        WriteObserver.Progress now = writeObserver.progress();
        return new Progress(earlierFiles + now.files(), earlierWrites + now.events(), finished);
    }

    /// @return whether it did, or may yet
    private boolean checkRestart(long nanos) throws InterruptedException {
        if (!initiallyVisible || observations.size() >= MAX_STARTS) {
            return false;
        }
        if (nanos - lastEnginePoll < ENGINE_POLL_INTERVAL.toNanos()) {
            return true;
        }
        lastEnginePoll = nanos;
        try {
            Optional<Subject> found = recommendEngine.subject(subject.container().id());
            long newPid = found.map(s -> s.container().pid()).orElse(0L);
            // For a moment the engine may not know yet that it ended.
            if (newPid > 0 && newPid != pid) {
                switchProcess(newPid);
            }
            return found.isPresent();
        } catch (EngineUnavailable e) {
            return true;
        }
    }

    private void switchProcess(long newPid) throws InterruptedException {
        WriteObserver.Progress before = writeObserver.progress();
        earlierFiles += before.files();
        earlierWrites += before.events();
        WriteObservations ended = closeObserver();
        // That it ended is no loss, since it goes on.
        observations.add(
                new WriteObservations(
                        ended.written(),
                        ended.watched(),
                        ended.gaps().stream()
                                .filter(g -> g.kind() != ObservationGap.Kind.ENDED)
                                .toList()));
        pid = newPid;
        endedAt = Optional.empty();
        writeObserver = WriteObserver.start(newPid, subject.container().id(), watch);
    }

    private WriteObservations closeObserver() throws InterruptedException {
        try (WriteObserver last = writeObserver) {
            return last.stop();
        }
    }

    /// Ends it.
    ///
    /// @return all that was learned; what could not be is a shortfall
    public Observations stop() throws InterruptedException {
        observations.add(closeObserver());
        List<Shortfall> shortfalls = new ArrayList<>();
        List<FileChange> changes = List.of();
        try {
            changes = recommendEngine.changes(subject.container().id());
        } catch (EngineUnavailable e) {
            shortfalls.add(Shortfalls.withoutDiff(e.line()));
        }
        List<ObservationGap> gaps = observations.stream().flatMap(a -> a.gaps().stream()).toList();
        shortfalls.addAll(Shortfalls.of(gaps, watch));
        return new Observations(
                subject,
                changes,
                TracedWrites.of(observations, changes),
                List.of(),
                ProcfsFiles.of(pid, subject.container().id())
                        .orElseGet(() -> recommendEngine.files(subject.container().id())),
                observations.stream()
                        .map(WriteObservations::watched)
                        .reduce(Duration.ZERO, Duration::plus),
                shortfalls);
    }

    @Override
    public void close() {
        writeObserver.close();
    }

    /// Hears how far it has come. Called from one thread.
    public interface ProgressCallback {
        /// @param files that were seen, in all containers
        /// @param writes that were seen
        void update(Duration elapsed, long files, long writes);
    }

    /// Observes several at once, for so long or until somebody says that it is enough, or until
    /// there is nothing more to see; and ends them.
    ///
    /// @param stopSignal counted down, from any thread, to end early with what was learned so far
    /// @return what was learned of each, in the same order
    public static List<Observations> observeAll(
            List<ContainerObserver> observers,
            Duration duration,
            CountDownLatch stopSignal,
            ProgressCallback progress)
            throws InterruptedException {
        long from = System.nanoTime();
        Duration elapsed = Duration.ZERO;
        boolean finished = false;
        while (!finished && elapsed.compareTo(duration) < 0) {
            Duration left = duration.minus(elapsed);
            Duration pause = left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL;
            finished = stopSignal.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            elapsed = Duration.ofNanos(System.nanoTime() - from);
            List<Progress> allProgress = new ArrayList<>();
            for (ContainerObserver observer : observers) {
                allProgress.add(observer.poll());
            }
            progress.update(
                    elapsed,
                    allProgress.stream().mapToLong(Progress::files).sum(),
                    allProgress.stream().mapToLong(Progress::writes).sum());
            finished |= allProgress.stream().allMatch(Progress::finished);
        }
        return stopAll(observers);
    }

    /// All at the same time: an engine takes its time for a `docker diff`, and meanwhile the others
    /// would be watched for longer than was asked for.
    private static List<Observations> stopAll(List<ContainerObserver> observers)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<Observations>> tasks = new ArrayList<>();
                for (ContainerObserver observer : observers) {
                    tasks.add(threads.submit(observer::stop));
                }
                List<Observations> results = new ArrayList<>();
                for (Future<Observations> task : tasks) {
                    results.add(task.get());
                }
                return results;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
