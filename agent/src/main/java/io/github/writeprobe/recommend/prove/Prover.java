package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Prepared;
import io.github.writeprobe.recommend.prove.CloneRunResult.Failure;
import io.github.writeprobe.recommend.prove.ProofResult.Exercise;
import io.github.writeprobe.recommend.prove.ProofResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Tests proposals on clones. Clones with a writable root filesystem show what a proposal misses,
/// and the proposal is improved by that. Then a clone with a read-only root filesystem is started
/// twice.
public final class Prover {
    /// How often each kind of clone is run at most, with an improved proposal each time.
    private static final int MAX_ROUNDS = 3;

    /// The least time that a read-only clone gets to be ready, and how many times as long as the
    /// writable clone it may take.
    private static final Duration MIN_READ_ONLY_TIMEOUT = Duration.ofSeconds(30);

    private static final int TIMEOUT_FACTOR = 3;

    /// @param total for all clones of one Compose project, or of one container
    /// @param settlingTime how long a clone has to be up before it counts as running
    /// @param copyBytes how much data may be copied for each container
    public record Limits(Duration total, Duration settlingTime, long copyBytes) {
        /// The settling time is long enough for a failing name lookup, which takes up to ten
        /// seconds. Many services exit only after that.
        public static final Limits DEFAULT =
                new Limits(Duration.ofMinutes(5), Duration.ofSeconds(10), 1L << 30);

        public Limits {
            requireNonNull(total);
            requireNonNull(settlingTime);
        }
    }

    /// Checks a running clone.
    @FunctionalInterface
    public interface CloneCheck<T> {
        List<T> check(ProposalTarget clone) throws EngineUnavailable, InterruptedException;
    }

    /// Checks of clones that other packages provide.
    ///
    /// @param writes what the clone's processes write, or have open
    /// @param objections why a read-only clone is not as it should be; each a sentence
    public record CloneChecks(CloneCheck<WrittenFile> writes, CloneCheck<String> objections) {
        public static final CloneChecks NONE =
                new CloneChecks(clone -> List.of(), clone -> List.of());

        public CloneChecks {
            requireNonNull(writes);
            requireNonNull(objections);
        }
    }

    /// A proposal to test, with the observations that it is based on.
    public record Trial(ProposalInput observed, Proposal proposal) {
        public Trial {
            requireNonNull(observed);
            requireNonNull(proposal);
        }
    }

    private final CloneEnvironmentFactory cloneEnvironments;
    private final Function<ProposalInput, Proposal> proposer;
    private final Optional<CloneExerciser> exerciser;
    private final CloneChecks checks;
    private final Limits limits;
    private final Consumer<String> progress;
    private final TimeSource time;

    /// @param proposer makes a new proposal that includes what was missed
    /// @param progress receives the current step. May contain untrusted text
    public Prover(
            CloneEnvironmentFactory cloneEnvironments,
            Function<ProposalInput, Proposal> proposer,
            Optional<CloneExerciser> exerciser,
            CloneChecks checks,
            Limits limits,
            Consumer<String> progress) {
        this(cloneEnvironments, proposer, exerciser, checks, limits, progress, TimeSource.SYSTEM);
    }

    Prover(
            CloneEnvironmentFactory cloneEnvironments,
            Function<ProposalInput, Proposal> proposer,
            Optional<CloneExerciser> exerciser,
            CloneChecks checks,
            Limits limits,
            Consumer<String> progress,
            TimeSource time) {
        this.cloneEnvironments = requireNonNull(cloneEnvironments);
        this.proposer = requireNonNull(proposer);
        this.exerciser = requireNonNull(exerciser);
        this.checks = requireNonNull(checks);
        this.limits = requireNonNull(limits);
        this.progress = requireNonNull(progress);
        this.time = requireNonNull(time);
    }

    /// Containers of one Compose project are tested together, because they may need each other.
    ///
    /// @return a result for each trial, in the same order
    /// @throws InterruptedException if the thread was interrupted; everything is removed
    public List<ProofResult> prove(List<Trial> trials) throws InterruptedException {
        Map<String, List<ProposalProofState>> groups = new LinkedHashMap<>();
        List<ProposalProofState> candidates = trials.stream().map(ProposalProofState::new).toList();
        for (ProposalProofState candidate : candidates) {
            String project = candidate.subject().container().workload().composeProject();
            String group = project.isEmpty() ? "/" + candidate.subject().container().id() : project;
            groups.computeIfAbsent(group, g -> new ArrayList<>()).add(candidate);
        }
        for (List<ProposalProofState> group : groups.values()) {
            prove(group, time.nanos() + limits.total().toNanos());
        }
        return candidates.stream()
                .map(candidate -> candidate.toProofResult(exercise(candidate)))
                .toList();
    }

    private Exercise exercise(ProposalProofState candidate) {
        if (exerciser.isPresent()) {
            return Exercise.COMMAND;
        }
        return candidate.subject().healthCheck() ? Exercise.HEALTH_CHECK : Exercise.START;
    }

    private void prove(List<ProposalProofState> group, long deadline) throws InterruptedException {
        CloneEnvironment cloneEnvironment =
                cloneEnvironments.open(limits.total(), limits.copyBytes());
        try {
            for (ProposalProofState candidate : group) {
                progress.accept("copying the data of " + candidate.name());
                switch (cloneEnvironment.prepare(candidate.subject())) {
                    case Prepared.Ready ready -> candidate.markPrepared(ready);
                    case Prepared.Impossible(String reason) ->
                            candidate.decide(
                                    Outcome.UNDECIDED, "no clone could be created: " + reason);
                }
                candidate.decideIfComposeRefuses();
            }
            runWritable(cloneEnvironment, group, deadline);
            runReadOnly(cloneEnvironment, group, deadline);
        } catch (EngineUnavailable e) {
            group.forEach(candidate -> candidate.decide(Outcome.UNDECIDED, e.line()));
        } finally {
            List<String> leftovers = cloneEnvironment.clear();
            if (!leftovers.isEmpty()) {
                group.forEach(candidate ->
                        candidate.addDifference(
                                "these could not be removed, and the next run removes them: "
                                        + String.join(", ", leftovers)));
            }
        }
    }

    /// Runs writable clones until they miss nothing more that would change the proposals.
    private void runWritable(
            CloneEnvironment cloneEnvironment, List<ProposalProofState> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        boolean repeat = true;
        for (int round = 1; repeat && round <= MAX_ROUNDS; round++) {
            repeat = false;
            for (Map.Entry<ProposalProofState, CloneRunResult> run :
                    runClones(
                                    cloneEnvironment,
                                    group,
                                    deadline,
                                    false,
                                    "with a writable root filesystem")
                            .entrySet()) {
                ProposalProofState candidate = run.getKey();
                switch (run.getValue()) {
                    case CloneRunResult.Succeeded succeeded -> {
                        candidate.recordRun(succeeded);
                        repeat |= candidate.improve(succeeded.missed(), proposer);
                    }
                    case CloneRunResult.Failed failed -> candidate.recordFailure(failed);
                }
            }
            if (group.stream().anyMatch(ProposalProofState::needsBaseline)) {
                runBaseline(cloneEnvironment, group, deadline);
            }
        }
    }

    /// Tests without the proposal the candidates whose clone failed with it.
    private void runBaseline(
            CloneEnvironment cloneEnvironment, List<ProposalProofState> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        for (Map.Entry<ProposalProofState, CloneRunResult> run :
                runClones(cloneEnvironment, group, deadline, false, "without the proposal")
                        .entrySet()) {
            ProposalProofState candidate = run.getKey();
            if (candidate.needsBaseline()) {
                candidate.recordBaseline(run.getValue());
            }
        }
    }

    private void runReadOnly(
            CloneEnvironment cloneEnvironment, List<ProposalProofState> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        boolean repeat = true;
        for (int round = 1; repeat && round <= MAX_ROUNDS; round++) {
            repeat = false;
            for (Map.Entry<ProposalProofState, CloneRunResult> run :
                    runClones(
                                    cloneEnvironment,
                                    group,
                                    deadline,
                                    true,
                                    "with a read-only root filesystem")
                            .entrySet()) {
                ProposalProofState candidate = run.getKey();
                switch (run.getValue()) {
                    case CloneRunResult.Succeeded succeeded -> {
                        Set<String> lost = lost(cloneEnvironment, candidate, succeeded, deadline);
                        boolean improved = round < MAX_ROUNDS && candidate.keep(lost, proposer);
                        repeat |= improved;
                        if (lost.isEmpty()) {
                            candidate.markProved(succeeded);
                        } else if (!improved) {
                            candidate.markLosing(succeeded, lost);
                        }
                    }
                    case CloneRunResult.Failed failed -> {
                        boolean improved =
                                failed.failure() != Failure.OUT_OF_TIME
                                        && round < MAX_ROUNDS
                                        && candidate.improve(failed.missed(), proposer);
                        repeat |= improved;
                        if (!improved) {
                            candidate.markRefuted(failed);
                        }
                    }
                }
            }
        }
    }

    /// Which data a clone lost at its restart because of its proposal. A clone without the
    /// proposal, which keeps everything in its own layer, shows what the service removes itself.
    private Set<String> lost(
            CloneEnvironment cloneEnvironment,
            ProposalProofState candidate,
            CloneRunResult.Succeeded succeeded,
            long deadline)
            throws EngineUnavailable, InterruptedException {
        if (succeeded.lost().isEmpty()) {
            return Set.of();
        }
        progress.accept("trying what a restart of " + candidate.name() + " removes anyway");
        CloneSpec spec =
                new CloneSpec(
                        candidate.subject(),
                        List.of(),
                        false,
                        true,
                        candidate.dataDirectories(),
                        limits.total().dividedBy(2),
                        limits.total(),
                        candidate.originalUptime(),
                        false);
        return switch (CloneGroupRun.run(cloneEnvironment, runContext(deadline), List.of(spec))
                .getFirst()) {
            case CloneRunResult.Succeeded plain ->
                    RestartLostFileFilter.lostByProposal(succeeded.lost(), plain.lost());
            case CloneRunResult.Failed failed -> {
                candidate.decide(
                        Outcome.UNDECIDED,
                        "data were gone after a restart, and a clone without the proposal did not"
                                + " show whether the service removes them itself: "
                                + failed.reason());
                yield Set.of();
            }
        };
    }

    /// Runs the clones of a group. Candidates that are already decided run too, if they can,
    /// because the others may need them.
    ///
    /// @return the results of those that are not decided yet
    private Map<ProposalProofState, CloneRunResult> runClones(
            CloneEnvironment cloneEnvironment,
            List<ProposalProofState> group,
            long deadline,
            boolean readOnly,
            String description)
            throws EngineUnavailable, InterruptedException {
        Map<ProposalProofState, CloneRunResult> runs = new LinkedHashMap<>();
        if (group.stream().allMatch(ProposalProofState::isDecided)) {
            return runs;
        }
        List<ProposalProofState> runnable =
                group.stream().filter(ProposalProofState::canRun).toList();
        List<CloneSpec> specs = new ArrayList<>();
        for (ProposalProofState candidate : runnable) {
            boolean undecided = !candidate.isDecided();
            boolean asReadOnly = readOnly && undecided;
            if (undecided) {
                progress.accept("trying a clone of " + candidate.name() + " " + description);
            }
            specs.add(
                    new CloneSpec(
                            candidate.subject(),
                            candidate.provisions(),
                            asReadOnly,
                            asReadOnly,
                            asReadOnly ? candidate.dataDirectories() : List.of(),
                            readOnly ? readOnlyTimeout(candidate) : limits.total().dividedBy(2),
                            readOnly ? limits.total() : limits.total().dividedBy(2),
                            candidate.originalUptime(),
                            asReadOnly && candidate.exitedCleanly()));
        }
        List<CloneRunResult> results =
                CloneGroupRun.run(cloneEnvironment, runContext(deadline), specs);
        for (int i = 0; i < runnable.size(); i++) {
            if (!runnable.get(i).isDecided()) {
                runs.put(runnable.get(i), results.get(i));
            }
        }
        return runs;
    }

    /// The run ends at the deadline, or when a clone reaches its longest life.
    private SharedCloneContext runContext(long deadline) {
        long longest = time.nanos() + CloneEnvironment.MAX_LIFETIME.toNanos();
        return new SharedCloneContext(
                checks,
                exerciser,
                limits.settlingTime(),
                time,
                longest - deadline < 0 ? longest : deadline);
    }

    private static Duration readOnlyTimeout(ProposalProofState candidate) {
        Duration expected = candidate.readyAfter().multipliedBy(TIMEOUT_FACTOR);
        return expected.compareTo(MIN_READ_ONLY_TIMEOUT) < 0 ? MIN_READ_ONLY_TIMEOUT : expected;
    }
}
