package io.github.writeprobe.recommend;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.Clone.Condition;
import io.github.writeprobe.recommend.Clone.Health;
import io.github.writeprobe.recommend.CloneRunResult.Failure;
import io.github.writeprobe.recommend.Exerciser.Exercised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A clone in its role. Once it has failed, nothing is asked of it any more.
final class CloneActor {
    /// For a service that ends when it is asked to. Many a first process never hears of it.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int LOG_LINES = 300;
    private static final int SHOWN_LINES = 20;

    /// As often an engine would have started one again that misses a neighbour who is not up yet.
    private static final int STARTED_AGAIN = 5;

    /// What a process ends with that was asked to end, or that was killed since it did not.
    private static final Set<Integer> WELL = Set.of(0, 130, 137, 143);

    private final CloneRole role;
    private final Clone clone;
    private final CloneRunContext stage;
    private final List<WrittenFile> seen = new ArrayList<>();
    private final Map<String, FileChange> changes = new LinkedHashMap<>();
    private Optional<CloneRunResult.Badly> failed = Optional.empty();
    private boolean up;
    private boolean ready;
    private boolean ended;
    private boolean endedWell = true;
    private int starts;
    private long began;
    private long started;
    private Duration readyAfter = Duration.ZERO;
    private Duration ran = Duration.ZERO;

    CloneActor(CloneRole role, Clone clone, CloneRunContext stage) {
        this.role = role;
        this.clone = clone;
        this.stage = stage;
    }

    CloneRole role() {
        return role;
    }

    boolean on() {
        return failed.isEmpty();
    }

    boolean awaited() {
        return on() && !ready;
    }

    void begin() throws EngineUnavailable, InterruptedException {
        ready = false;
        ended = false;
        starts = 0;
        began = stage.time().nanos();
        if (on()) {
            start();
        }
    }

    private void start() throws EngineUnavailable, InterruptedException {
        starts++;
        up = true;
        started = stage.time().nanos();
        Optional<String> refusal = clone.start();
        if (refusal.isPresent()) {
            fail(Failure.ITS_OWN, "the engine would not start it: " + refusal.get());
        }
    }

    /// Looks whether it is ready.
    ///
    /// @param company whether others are started at the same time, whom it may miss for now
    void await(boolean company) throws EngineUnavailable, InterruptedException {
        if (!awaited()) {
            return;
        }
        Duration since = stage.since(started);
        switch (clone.condition()) {
            case Condition.Running(Health health) -> {
                switch (health) {
                    case HEALTHY, UNKNOWN -> {
                        if (since.compareTo(stage.settling()) >= 0) {
                            ready();
                        }
                    }
                    case UNHEALTHY -> fail(Failure.ITS_OWN, "its health check failed");
                    case STARTING -> {}
                }
            }
            case Condition.Ended how -> ended(how, since, company);
        }
        if (awaited() && stage.since(began).compareTo(role.patience()) > 0) {
            fail(
                    Failure.ITS_OWN,
                    "it was not %s within %d s"
                            .formatted(
                                    role.subject().healthCheck() ? "healthy" : "up",
                                    role.patience().toSeconds()));
        } else if (awaited() && stage.over()) {
            fail(Failure.OUT_OF_TIME, "the time was up before it was ready");
        }
    }

    private void ready() {
        Duration after = stage.since(began);
        ready = true;
        readyAfter = after.compareTo(readyAfter) > 0 ? after : readyAfter;
    }

    /// A container whose job is to end, ends well with code 0; but not one whose original has been
    /// running for longer than that.
    private void ended(Condition.Ended how, Duration since, boolean company)
            throws EngineUnavailable, InterruptedException {
        String after = " after %d s".formatted(since.toSeconds());
        boolean service = role.running().compareTo(since.plus(stage.settling())) > 0;
        if (how.code() == 0 && how.error().isEmpty() && !service) {
            ended = true;
            ready();
        } else if (company && starts <= STARTED_AGAIN) {
            start();
        } else if (how.outOfMemory()) {
            fail(Failure.ITS_OWN, "it was ended for want of memory" + after);
        } else {
            fail(
                    Failure.ITS_OWN,
                    "it ended with code %d%s%s%s"
                            .formatted(
                                    how.code(),
                                    after,
                                    how.code() == 0 ? ", while the original runs on" : "",
                                    how.error().isEmpty() ? "" : ": " + how.error()));
        }
    }

    void exercise() throws EngineUnavailable, InterruptedException {
        if (stage.exerciser().isEmpty() || !on()) {
            return;
        }
        if (ended) {
            fail(Failure.EXERCISE, "it ended before it could be exercised");
            return;
        }
        Map<String, String> environment = new LinkedHashMap<>(clone.environment());
        environment.put("WRITEPROBE_ORIGINAL", role.subject().container().name());
        Duration left = stage.left();
        boolean cut = left.compareTo(role.patience()) < 0;
        switch (stage.exerciser().get().exercise(environment, cut ? left : role.patience())) {
            case Exercised.Passed() -> survived();
            case Exercised.Failed(String why, List<String> output) ->
                    fail(
                            cut && stage.over() ? Failure.OUT_OF_TIME : Failure.EXERCISE,
                            "the exercise failed: " + why,
                            output);
        }
    }

    private void survived() throws EngineUnavailable, InterruptedException {
        switch (clone.condition()) {
            case Condition.Running(Health health) -> {
                if (health == Health.UNHEALTHY) {
                    fail(Failure.ITS_OWN, "its health check failed after the exercise");
                }
            }
            case Condition.Ended(int code, _, _) ->
                    fail(
                            Failure.ITS_OWN,
                            "it ended with code %d during the exercise".formatted(code));
        }
    }

    /// What can be seen only while it runs.
    void look() throws EngineUnavailable, InterruptedException {
        if (!on() || ended) {
            return;
        }
        Subject subject = clone.subject();
        seen.addAll(stage.looks().writes().of(subject));
        if (!role.readOnly()) {
            clone.changes().forEach(change -> changes.put(change.path(), change));
            return;
        }
        List<String> objections = stage.looks().objections().of(subject);
        if (!objections.isEmpty()) {
            pass();
            String why = String.join("; ", objections);
            failed =
                    Optional.of(
                            new CloneRunResult.Badly(
                                    Failure.ITS_OWN, why, List.of(), ran, List.of()));
        }
    }

    void stop() throws EngineUnavailable, InterruptedException {
        if (!on() || ended) {
            return;
        }
        pass();
        clone.stop(GRACE);
        if (clone.condition() instanceof Condition.Ended(int code, _, _)) {
            endedWell &= WELL.contains(code);
            if (!endedWell && role.endsWell()) {
                fail(Failure.ITS_OWN, "when it was asked to stop, it ended with code " + code);
            }
        }
    }

    /// Counts the time since its last start.
    private void pass() {
        if (up) {
            ran = ran.plus(stage.since(started));
            up = false;
        }
    }

    /// What came of it.
    CloneRunResult end() throws EngineUnavailable, InterruptedException {
        if (failed.isPresent()) {
            return failed.get();
        }
        pass();
        return new CloneRunResult.Well(missed(), readyAfter, ran, endedWell);
    }

    /// By what was there while it ran, as pid files are, and by what its end has added.
    private List<WrittenFile> missed() throws EngineUnavailable, InterruptedException {
        if (role.readOnly()) {
            return List.of();
        }
        clone.changes().forEach(change -> changes.putIfAbsent(change.path(), change));
        return MissedWrites.of(
                List.copyOf(changes.values()),
                seen,
                clone.subject().container().mounts(),
                clone.files());
    }

    void remove() {
        clone.remove();
    }

    private void fail(Failure failure, String why) throws EngineUnavailable, InterruptedException {
        fail(failure, why, List.of());
    }

    /// @param output of the exercise
    private void fail(Failure failure, String why, List<String> output)
            throws EngineUnavailable, InterruptedException {
        pass();
        List<String> log = clone.log(LOG_LINES);
        List<WrittenFile> missed =
                role.readOnly()
                        ? MissedWrites.of(log, clone.subject().container().mounts())
                        : List.of();
        List<String> shown = new ArrayList<>(output);
        shown.addAll(log.subList(Math.max(0, log.size() - SHOWN_LINES), log.size()));
        String because =
                log.reversed().stream()
                        .filter(line -> role.readOnly() && MissedWrites.tells(line))
                        .findFirst()
                        .map(FailureDiagnosis::quoted)
                        .orElseGet(() -> FailureDiagnosis.of(output.isEmpty() ? shown : output));
        failed = Optional.of(new CloneRunResult.Badly(failure, why + because, missed, ran, shown));
    }
}
