package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.ProcRootFileLookup;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.DiffNoiseMarker;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.ReadOnlyErrorFinder;
import io.github.writeprobe.recommend.prove.Clone.ClientRequest;
import io.github.writeprobe.recommend.prove.Clone.Condition;
import io.github.writeprobe.recommend.prove.Clone.Health;
import io.github.writeprobe.recommend.prove.CloneExerciser.Exercised;
import io.github.writeprobe.recommend.prove.CloneRunResult.Failure;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The life of one clone, from its specification to its result. After a failure, the clone is not
/// used any more.
final class CloneLifecycle {
    /// How long a service may take to stop. PID 1 of many containers ignores SIGTERM.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final int SHOWN_LINES = 20;

    /// How often a clone is restarted if it exits while others are still starting, as a restart
    /// policy would do.
    private static final int MAX_RESTARTS = 5;

    /// Exit codes of a process that was asked to stop, or was killed because it did not stop.
    private static final Set<Integer> CLEAN_EXIT_CODES = Set.of(0, 130, 137, 143);

    private final CloneSpec spec;
    private final Clone clone;
    private final SharedCloneContext context;
    private final List<WrittenFile> writes = new ArrayList<>();
    private final Map<String, FileChange> changes = new LinkedHashMap<>();
    private final CloneWriteRecorder recorder = new CloneWriteRecorder();
    private Optional<CloneRunResult.Failed> failed = Optional.empty();
    private Set<String> firstData = Set.of();
    private Set<String> lost = Set.of();
    private List<ClientRequest> requests = List.of();
    private boolean running;
    private boolean ready;
    private boolean completed;
    private boolean exitedCleanly = true;
    private int starts;
    private long firstStartNanos;
    private long lastStartNanos;
    private Duration readyAfter = Duration.ZERO;
    private Duration runTime = Duration.ZERO;

    CloneLifecycle(CloneSpec spec, Clone clone, SharedCloneContext context) {
        this.spec = spec;
        this.clone = clone;
        this.context = context;
    }

    CloneSpec spec() {
        return spec;
    }

    boolean isActive() {
        return failed.isEmpty();
    }

    boolean isPending() {
        return isActive() && !ready;
    }

    void start() throws EngineUnavailable, InterruptedException {
        ready = false;
        completed = false;
        starts = 0;
        firstStartNanos = context.time().nanos();
        if (isActive()) {
            startClone();
        }
    }

    private void startClone() throws EngineUnavailable, InterruptedException {
        starts++;
        running = true;
        lastStartNanos = context.time().nanos();
        Optional<String> refusal = clone.start();
        if (refusal.isPresent()) {
            fail(Failure.CLONE, "the engine refused to start it: " + refusal.get());
        }
    }

    /// Checks whether the clone is ready.
    ///
    /// @param othersStarting whether other clones start at the same time, which this one may still
    ///   be waiting for
    void checkReady(boolean othersStarting) throws EngineUnavailable, InterruptedException {
        if (!isPending()) {
            return;
        }
        Duration since = context.elapsedSince(lastStartNanos);
        switch (clone.condition()) {
            case Condition.Running(Health health) -> {
                switch (health) {
                    case HEALTHY, UNKNOWN -> {
                        if (since.compareTo(context.settlingTime()) >= 0) {
                            markReady();
                        }
                    }
                    case UNHEALTHY -> fail(Failure.CLONE, "its health check failed");
                    case STARTING -> {}
                }
            }
            case Condition.Ended exit -> handleExit(exit, since, othersStarting);
        }
        if (isPending() && context.elapsedSince(firstStartNanos).compareTo(spec.timeout()) > 0) {
            fail(
                    Failure.CLONE,
                    "it was not %s within %d s"
                            .formatted(
                                    spec.subject().healthCheck() ? "healthy" : "up",
                                    spec.timeout().toSeconds()));
        } else if (isPending() && context.isExpired()) {
            fail(Failure.OUT_OF_TIME, "the time ran out before it was ready");
        }
    }

    private void markReady() {
        Duration after = context.elapsedSince(firstStartNanos);
        ready = true;
        readyAfter = after.compareTo(readyAfter) > 0 ? after : readyAfter;
    }

    /// A container that runs a job is ready when it exits with code 0. But if the original has been
    /// running for longer than the clone did, the container is a service, and the exit is a
    /// failure.
    private void handleExit(Condition.Ended exit, Duration since, boolean othersStarting)
            throws EngineUnavailable, InterruptedException {
        String after = " after %d s".formatted(since.toSeconds());
        boolean service = spec.originalUptime().compareTo(since.plus(context.settlingTime())) > 0;
        if (exit.code() == 0 && exit.error().isEmpty() && !service) {
            completed = true;
            markReady();
        } else if (othersStarting && starts <= MAX_RESTARTS) {
            startClone();
        } else if (exit.outOfMemory()) {
            fail(Failure.CLONE, "it ran out of memory and was killed" + after);
        } else {
            fail(
                    Failure.CLONE,
                    "it exited with code %d%s%s%s"
                            .formatted(
                                    exit.code(),
                                    after,
                                    exit.code() == 0 ? ", although the original still runs" : "",
                                    exit.error().isEmpty() ? "" : ": " + exit.error()));
        }
    }

    void exercise() throws EngineUnavailable, InterruptedException {
        if (context.exerciser().isEmpty() || !isActive()) {
            return;
        }
        if (completed) {
            fail(Failure.EXERCISE, "it exited before it could be exercised");
            return;
        }
        Map<String, String> environment = new LinkedHashMap<>(clone.environment());
        environment.put("WRITEPROBE_ORIGINAL", spec.subject().container().name());
        Duration remaining = context.remaining();
        Duration limit =
                remaining.compareTo(spec.exerciseLimit()) < 0 ? remaining : spec.exerciseLimit();
        switch (context.exerciser().get().exercise(environment, limit)) {
            case Exercised.Passed() -> checkAfterExercise();
            case Exercised.TimedOut(Duration ended, List<String> output) ->
                    fail(
                            Failure.OUT_OF_TIME,
                            "the exercise did not end within %d s".formatted(ended.toSeconds()),
                            output);
            case Exercised.Failed(String reason, List<String> output) ->
                    fail(Failure.EXERCISE, "the exercise failed: " + reason, output);
        }
    }

    private void checkAfterExercise() throws EngineUnavailable, InterruptedException {
        switch (clone.condition()) {
            case Condition.Running(Health health) -> {
                if (health == Health.UNHEALTHY) {
                    fail(Failure.CLONE, "its health check failed after the exercise");
                }
            }
            case Condition.Ended(int code, _, _) ->
                    fail(
                            Failure.CLONE,
                            "it exited with code %d during the exercise".formatted(code));
        }
    }

    /// Collects what can be seen only while the clone runs.
    void inspect() throws EngineUnavailable, InterruptedException {
        if (!isActive() || completed) {
            return;
        }
        ProposalTarget subject = clone.subject();
        writes.addAll(context.checks().writes().check(subject));
        if (!spec.readOnly()) {
            DiffNoiseMarker.classify(
                            clone.changes(), subject, subject.container().pid(), filesOf(subject))
                    .forEach(change -> changes.put(change.path(), change));
            return;
        }
        List<String> objections = context.checks().objections().check(subject);
        if (!objections.isEmpty()) {
            countRunTime();
            String reason = String.join("; ", objections);
            failed =
                    Optional.of(
                            new CloneRunResult.Failed(
                                    Failure.CLONE, reason, List.of(), runTime, List.of()));
        }
    }

    /// The files of the running clone, with all its mounts if procfs shows them.
    private FileLookup filesOf(ProposalTarget running) {
        return ProcRootFileLookup.of(running.container().pid(), running.container().id())
                .orElseGet(clone::files);
    }

    /// Records what the clone wrote in a phase that has just ended.
    ///
    /// @param since when the phase began
    void endPhase(PhaseName phase, long since) throws EngineUnavailable, InterruptedException {
        if (!isActive() || !spec.readOnly()) {
            return;
        }
        Duration duration = context.elapsedSince(since);
        ProposalTarget subject = clone.subject();
        if (phase == PhaseName.STOP || completed) {
            recorder.endStopped(phase, duration, subject, clone.files());
        } else {
            recorder.endRunning(phase, duration, subject, filesOf(subject));
        }
        if (phase == PhaseName.EXERCISE) {
            requests = clone.requests();
        }
    }

    /// Remembers the data that the first start left.
    void rememberData() throws EngineUnavailable, InterruptedException {
        firstData = data();
    }

    /// Compares the data with those that the first start left.
    void compareData() throws EngineUnavailable, InterruptedException {
        if (isActive() && !completed) {
            Set<String> gone = new HashSet<>(firstData);
            gone.removeAll(data());
            lost = gone;
        }
    }

    private Set<String> data() throws EngineUnavailable, InterruptedException {
        return isActive() && !completed && !spec.dataDirectories().isEmpty()
                ? FileSnapshot.of(spec.dataDirectories(), filesOf(clone.subject())).regularFiles()
                : Set.of();
    }

    void stop() throws EngineUnavailable, InterruptedException {
        if (!isActive() || completed) {
            return;
        }
        countRunTime();
        clone.stop(STOP_TIMEOUT);
        if (clone.condition() instanceof Condition.Ended(int code, _, _)) {
            exitedCleanly &= CLEAN_EXIT_CODES.contains(code);
            if (!exitedCleanly && spec.mustExitCleanly()) {
                fail(Failure.CLONE, "when it was stopped, it exited with code " + code);
            }
        }
    }

    /// Adds the time since the last start to the run time.
    private void countRunTime() {
        if (running) {
            runTime = runTime.plus(context.elapsedSince(lastStartNanos));
            running = false;
        }
    }

    /// The result of the run.
    CloneRunResult finish() throws EngineUnavailable, InterruptedException {
        if (failed.isPresent()) {
            return failed.get();
        }
        countRunTime();
        return new CloneRunResult.Succeeded(
                missedWrites(),
                readyAfter,
                runTime,
                exitedCleanly,
                lost,
                new ProofCoverage(
                        recorder.phases(),
                        MaintenanceEventDetector.seen(recorder.everWritten(), requests)));
    }

    /// The writes outside of all mounts: those that were seen while the clone ran, such as pid
    /// files, and those that appeared when it stopped.
    private List<WrittenFile> missedWrites() throws EngineUnavailable, InterruptedException {
        if (spec.readOnly()) {
            return List.of();
        }
        DiffNoiseMarker.classify(clone.changes(), clone.subject(), 0, clone.files())
                .forEach(change -> changes.putIfAbsent(change.path(), change));
        return MissedWrites.of(
                List.copyOf(changes.values()),
                writes,
                clone.subject().container().mounts(),
                clone.files());
    }

    void remove() {
        clone.remove();
    }

    private void fail(Failure failure, String reason)
            throws EngineUnavailable, InterruptedException {
        fail(failure, reason, List.of());
    }

    /// @param output of the exercise
    private void fail(Failure failure, String reason, List<String> output)
            throws EngineUnavailable, InterruptedException {
        countRunTime();
        List<String> log = clone.log(ReadOnlyErrorFinder.LOG_LINES);
        List<WrittenFile> missed =
                spec.readOnly()
                        ? MissedWrites.refused(
                                ReadOnlyErrorFinder.of(log, clone.subject().container().mounts()))
                        : List.of();
        List<String> shown = new ArrayList<>(output);
        shown.addAll(log.subList(Math.max(0, log.size() - SHOWN_LINES), log.size()));
        String diagnosis =
                log.reversed().stream()
                        .filter(line -> spec.readOnly() && ReadOnlyErrorFinder.isRefusal(line))
                        .findFirst()
                        .map(FailureDiagnosis::quote)
                        .orElseGet(() -> FailureDiagnosis.of(output.isEmpty() ? shown : output));
        failed =
                Optional.of(
                        new CloneRunResult.Failed(
                                failure, reason + diagnosis, missed, runTime, shown));
    }
}
