package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.ProcRootFileLookup;
import io.github.writeprobe.probes.writes.WriteObservationGap;
import io.github.writeprobe.probes.writes.WriteObservations;
import io.github.writeprobe.probes.writes.WriteObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Observes what one container writes until [#stop] is called, with every source that is available.
///
/// If the container exits, or is between two starts when the observation begins, the observer waits
/// a short time for it to start again. Then it observes the new process too, and adds up what all
/// of them wrote. Several containers can be observed at once, each with its own observer; see
/// [#observeAll]. Not thread-safe.
public final class ContainerObserver implements AutoCloseable {
    /// How long to wait for a container that has exited to start again.
    private static final Duration RESTART_TIMEOUT = Duration.ofSeconds(10);

    /// The limit of restarts that are followed, for a container that exits again and again.
    private static final int MAX_STARTS = 20;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration ENGINE_POLL_INTERVAL = Duration.ofSeconds(1);

    private final RecommendEngine recommendEngine;
    private final ProposalTarget subject;
    private final boolean watch;

    private final Set<String> programs = new HashSet<>();

    /// Whether a process of the container was seen.
    private boolean visible;

    private final List<WriteObservations> observations = new ArrayList<>();
    private WriteObserver writeObserver;
    private long pid;
    private Optional<Long> endedAt = Optional.empty();
    private long lastEnginePoll;
    private long earlierFiles;
    private long earlierWrites;

    private ContainerObserver(
            RecommendEngine recommendEngine,
            ProposalTarget subject,
            boolean watch,
            WriteObserver writeObserver) {
        this.recommendEngine = requireNonNull(recommendEngine);
        this.subject = requireNonNull(subject);
        this.watch = watch;
        this.writeObserver = writeObserver;
        this.pid = subject.container().pid();
        noteProcess();
    }

    /// Starts observing. Returns when the watch is active and open files were read once.
    ///
    /// @param watch whether writes are watched. If not, the open files are read once
    public static ContainerObserver start(
            RecommendEngine recommendEngine, ProposalTarget subject, boolean watch)
            throws InterruptedException {
        return new ContainerObserver(
                recommendEngine,
                subject,
                watch,
                WriteObserver.start(subject.container().pid(), subject.container().id(), watch));
    }

    private void noteProcess() {
        visible |= !writeObserver.progress().ended();
        programs.addAll(RunningProgramReader.programs(pid));
    }

    /// How far the observation is.
    ///
    /// @param files that were written or open
    /// @param writes that were counted
    /// @param finished whether waiting longer is useless: the container has exited and did not
    ///   start again, or it cannot be observed from here
    public record Progress(long files, long writes, boolean finished) {}

    /// Reports the progress, and checks whether a container that exited has started again. Call it
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

    /// @return whether the container has started again or may still do so
    private boolean checkRestart(long nanos) throws InterruptedException {
        if (!writeObserver.canObserve() || observations.size() >= MAX_STARTS) {
            return false;
        }
        if (nanos - lastEnginePoll < ENGINE_POLL_INTERVAL.toNanos()) {
            return true;
        }
        lastEnginePoll = nanos;
        try {
            Optional<ProposalTarget> found = recommendEngine.subject(subject.container().id());
            long newPid = found.map(s -> s.container().pid()).orElse(0L);
            // For a moment the engine may still report the old process.
            if (newPid > 0 && newPid != pid) {
                switchProcess(newPid);
            }
            return found.filter(this::mayBeSeen).isPresent();
        } catch (EngineUnavailable e) {
            return true;
        }
    }

    /// Whether waiting can help: not for a container that was stopped before, and not for a process
    /// that runs but cannot be seen from here.
    private boolean mayBeSeen(ProposalTarget now) {
        boolean wasRunning = subject.container().pid() > 0 || now.state().restarting();
        boolean isHidden = pid > 0 && ProcessHandle.of(pid).isPresent();
        return visible || (wasRunning && !isHidden);
    }

    private void switchProcess(long newPid) throws InterruptedException {
        WriteObserver.Progress before = writeObserver.progress();
        earlierFiles += before.files();
        earlierWrites += before.events();
        WriteObservations ended = closeObserver();
        // The old process ended, but the observation goes on: not a gap.
        observations.add(
                new WriteObservations(
                        ended.written(),
                        ended.watched(),
                        ended.gaps().stream()
                                .filter(g -> g.kind() != WriteObservationGap.Kind.ENDED)
                                .toList()));
        pid = newPid;
        endedAt = Optional.empty();
        writeObserver = WriteObserver.start(newPid, subject.container().id(), watch);
        noteProcess();
    }

    private WriteObservations closeObserver() throws InterruptedException {
        try (WriteObserver last = writeObserver) {
            return last.stop();
        }
    }

    /// Ends the observation.
    ///
    /// @return what was observed. Each source that was not available is a shortfall
    public ProposalInput stop() throws InterruptedException {
        programs.addAll(RunningProgramReader.programs(pid));
        observations.add(closeObserver());
        List<WriteEvidenceGap> shortfalls = new ArrayList<>();
        boolean neverSeen = !visible && writeObserver.canObserve() && subject.container().pid() > 0;
        if (neverSeen) {
            shortfalls.add(WriteEvidenceGap.NEVER_SEEN);
        }
        FileLookup files =
                ProcRootFileLookup.of(pid, subject.container().id())
                        .orElseGet(() -> recommendEngine.files(subject.container().id()));
        List<FileChange> changes = List.of();
        List<String> injected = List.of();
        List<String> refused = List.of();
        try {
            List<FileChange> all = recommendEngine.changes(subject.container().id());
            injected = recommendEngine.injected(subject, all);
            changes = FileChange.without(injected, all);
        } catch (EngineUnavailable e) {
            shortfalls.add(WriteEvidenceGaps.withoutDiff(e.line()));
        }
        try {
            refused = refusedWrites();
        } catch (EngineUnavailable e) {
            shortfalls.add(WriteEvidenceGaps.withoutLog(e.line()));
        }
        ProposalTarget observedSubject =
                subject.with(
                        new ProposalTarget.State(
                                subject.state().restarting(),
                                subject.state().created(),
                                programs,
                                refused,
                                Set.of()));
        List<WriteObservationGap> gaps =
                observations.stream()
                        .flatMap(a -> a.gaps().stream())
                        .filter(gap ->
                                !neverSeen || gap.kind() != WriteObservationGap.Kind.UNWATCHED)
                        .toList();
        shortfalls.addAll(WriteEvidenceGaps.of(gaps, watch));
        changes = DiffNoiseMarker.classify(changes, observedSubject, pid, files);
        return new ProposalInput(
                observedSubject,
                changes,
                WrittenFileMerger.of(observations, changes),
                List.of(),
                files,
                observations.stream()
                        .map(WriteObservations::watched)
                        .reduce(Duration.ZERO, Duration::plus),
                shortfalls,
                injected);
    }

    /// A container with a read-only root filesystem shows in its log what it misses.
    private List<String> refusedWrites() throws EngineUnavailable, InterruptedException {
        return subject.container().readonlyRootfs()
                ? ReadOnlyErrorFinder.of(
                        recommendEngine.log(
                                subject.container().id(), ReadOnlyErrorFinder.LOG_LINES),
                        subject.container().mounts())
                : List.of();
    }

    @Override
    public void close() {
        writeObserver.close();
    }

    /// Receives the progress. Called from one thread.
    public interface ProgressCallback {
        /// @param files that were seen, in all containers
        /// @param writes that were counted
        void update(Duration elapsed, long files, long writes);
    }

    /// Observes several containers for the given duration, or until the stop signal, or until all
    /// of them are finished. Then stops the observers.
    ///
    /// @param stopSignal counted down, from any thread, to end early with what was observed so far
    /// @return what was observed, in the order of the observers
    public static List<ProposalInput> observeAll(
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

    /// Stops all at the same time. An engine can take seconds for a `docker diff`; one after the
    /// other, the last containers would be watched for longer than requested.
    private static List<ProposalInput> stopAll(List<ContainerObserver> observers)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<ProposalInput>> tasks = new ArrayList<>();
                for (ContainerObserver observer : observers) {
                    tasks.add(threads.submit(observer::stop));
                }
                List<ProposalInput> results = new ArrayList<>();
                for (Future<ProposalInput> task : tasks) {
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
