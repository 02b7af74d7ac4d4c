package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.CloneEnvironment.Prepared;
import io.github.writeprobe.recommend.CloneRunResult.Failure;
import io.github.writeprobe.recommend.ProofResult.Exercise;
import io.github.writeprobe.recommend.ProofResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Tries proposals on clones: first with a root filesystem that can still be written, to see what a
/// proposal misses, and improves it by that; then with one that is read-only, started twice.
public final class Prover {
    /// A proposal is improved so often at most.
    private static final int ROUNDS = 3;

    /// What a read-only clone gets at least, and how many times as long as a writable one it may
    /// take.
    private static final Duration AT_LEAST = Duration.ofSeconds(30);

    private static final int TIMES_AS_LONG = 3;

    /// @param total for all clones of one compose project, or of one container
    /// @param settling for how long a clone has to be up to count as running
    /// @param copyBytes how much may be copied for each container
    public record Limits(Duration total, Duration settling, long copyBytes) {
        /// Where the user says nothing. A name that nobody has takes up to ten seconds to be looked
        /// up, and only then many a service gives up.
        public static final Limits USUAL =
                new Limits(Duration.ofMinutes(5), Duration.ofSeconds(10), 1L << 30);

        public Limits {
            requireNonNull(total);
            requireNonNull(settling);
        }
    }

    /// Asks something about a clone that runs.
    @FunctionalInterface
    public interface Look<T> {
        List<T> of(Subject clone) throws EngineUnavailable, InterruptedException;
    }

    /// What others can say of a clone.
    ///
    /// @param writes what its processes write, or have open
    /// @param objections why a read-only clone is not as it should be; each a sentence
    public record Looks(Look<WrittenFile> writes, Look<String> objections) {
        public static final Looks NONE = new Looks(clone -> List.of(), clone -> List.of());

        public Looks {
            requireNonNull(writes);
            requireNonNull(objections);
        }
    }

    /// A proposal, and what it follows from.
    public record Trial(Observations observed, Proposal proposal) {
        public Trial {
            requireNonNull(observed);
            requireNonNull(proposal);
        }
    }

    private final CloneEnvironments benches;
    private final Function<Observations, Proposal> proposer;
    private final Optional<Exerciser> exerciser;
    private final Looks looks;
    private final Limits limits;
    private final Consumer<String> progress;
    private final TimeSource time;

    /// @param proposer improves a proposal by what was missed
    /// @param progress is told what is done now; its texts may hold a stranger's
    public Prover(
            CloneEnvironments benches,
            Function<Observations, Proposal> proposer,
            Optional<Exerciser> exerciser,
            Looks looks,
            Limits limits,
            Consumer<String> progress) {
        this(benches, proposer, exerciser, looks, limits, progress, TimeSource.REAL);
    }

    Prover(
            CloneEnvironments benches,
            Function<Observations, Proposal> proposer,
            Optional<Exerciser> exerciser,
            Looks looks,
            Limits limits,
            Consumer<String> progress,
            TimeSource time) {
        this.benches = requireNonNull(benches);
        this.proposer = requireNonNull(proposer);
        this.exerciser = requireNonNull(exerciser);
        this.looks = requireNonNull(looks);
        this.limits = requireNonNull(limits);
        this.progress = requireNonNull(progress);
        this.time = requireNonNull(time);
    }

    /// Containers of one compose project are tried together, since they may need each other.
    ///
    /// @return a proof for each, in the same order
    /// @throws InterruptedException if the caller was interrupted; everything is removed
    public List<ProofResult> prove(List<Trial> trials) throws InterruptedException {
        Map<String, List<ProposalCandidate>> groups = new LinkedHashMap<>();
        List<ProposalCandidate> candidates = trials.stream().map(ProposalCandidate::new).toList();
        for (ProposalCandidate candidate : candidates) {
            String project = candidate.subject().container().origin().composeProject();
            String group = project.isEmpty() ? "/" + candidate.subject().container().id() : project;
            groups.computeIfAbsent(group, g -> new ArrayList<>()).add(candidate);
        }
        for (List<ProposalCandidate> group : groups.values()) {
            prove(group, time.nanos() + limits.total().toNanos());
        }
        return candidates.stream().map(candidate -> candidate.proof(exercise(candidate))).toList();
    }

    private Exercise exercise(ProposalCandidate candidate) {
        if (exerciser.isPresent()) {
            return Exercise.COMMAND;
        }
        return candidate.subject().healthCheck() ? Exercise.HEALTH_CHECK : Exercise.START;
    }

    private void prove(List<ProposalCandidate> group, long deadline) throws InterruptedException {
        CloneEnvironment bench = benches.open(limits.total(), limits.copyBytes());
        try {
            for (ProposalCandidate candidate : group) {
                progress.accept("copying what " + candidate.name() + " writes to");
                switch (bench.prepare(candidate.subject())) {
                    case Prepared.Ready ready -> candidate.prepared(ready);
                    case Prepared.Impossible(String why) ->
                            candidate.decide(Outcome.UNDECIDED, "no clone could be made: " + why);
                }
            }
            writable(bench, group, deadline);
            readOnly(bench, group, deadline);
        } catch (EngineUnavailable e) {
            group.forEach(candidate -> candidate.decide(Outcome.UNDECIDED, e.line()));
        } finally {
            List<String> left = bench.clear();
            if (!left.isEmpty()) {
                group.forEach(candidate ->
                        candidate.differs(
                                "the engine would not remove these, and the next run will: "
                                        + String.join(", ", left)));
            }
        }
    }

    /// Finds out what the proposals miss, until they miss nothing more that would change them.
    private void writable(CloneEnvironment bench, List<ProposalCandidate> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        boolean again = true;
        for (int round = 1; again && round <= ROUNDS; round++) {
            again = false;
            for (Map.Entry<ProposalCandidate, CloneRunResult> played :
                    play(
                                    bench,
                                    group,
                                    deadline,
                                    false,
                                    "with a root filesystem that can be written")
                            .entrySet()) {
                ProposalCandidate candidate = played.getKey();
                switch (played.getValue()) {
                    case CloneRunResult.Well well -> {
                        candidate.ran(well);
                        again |= candidate.improve(well.missed(), proposer);
                    }
                    case CloneRunResult.Badly badly -> candidate.stumbled(badly);
                }
            }
            if (group.stream().anyMatch(ProposalCandidate::stumbling)) {
                bare(bench, group, deadline);
            }
        }
    }

    /// Whether those that did not get along do so without what is proposed.
    private void bare(CloneEnvironment bench, List<ProposalCandidate> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        for (Map.Entry<ProposalCandidate, CloneRunResult> played :
                play(bench, group, deadline, false, "as it is").entrySet()) {
            ProposalCandidate candidate = played.getKey();
            if (candidate.stumbling()) {
                candidate.bare(played.getValue());
            }
        }
    }

    private void readOnly(CloneEnvironment bench, List<ProposalCandidate> group, long deadline)
            throws EngineUnavailable, InterruptedException {
        boolean again = true;
        for (int round = 1; again && round <= ROUNDS; round++) {
            again = false;
            for (Map.Entry<ProposalCandidate, CloneRunResult> played :
                    play(bench, group, deadline, true, "with a read-only root filesystem")
                            .entrySet()) {
                ProposalCandidate candidate = played.getKey();
                switch (played.getValue()) {
                    case CloneRunResult.Well well -> candidate.proved(well);
                    case CloneRunResult.Badly badly -> {
                        boolean better =
                                badly.failure() != Failure.OUT_OF_TIME
                                        && round < ROUNDS
                                        && candidate.improve(badly.missed(), proposer);
                        again |= better;
                        if (!better) {
                            candidate.refuted(badly);
                        }
                    }
                }
            }
        }
    }

    /// All of a group that can run take part, also those that are decided, as the others'
    /// neighbours.
    ///
    /// @return what came of those that are not decided
    private Map<ProposalCandidate, CloneRunResult> play(
            CloneEnvironment bench,
            List<ProposalCandidate> group,
            long deadline,
            boolean readOnly,
            String how)
            throws EngineUnavailable, InterruptedException {
        Map<ProposalCandidate, CloneRunResult> runs = new LinkedHashMap<>();
        if (group.stream().allMatch(ProposalCandidate::decided)) {
            return runs;
        }
        List<ProposalCandidate> cast = group.stream().filter(ProposalCandidate::canRun).toList();
        List<CloneRole> roles = new ArrayList<>();
        for (ProposalCandidate candidate : cast) {
            boolean open = !candidate.decided();
            boolean locked = readOnly && open;
            if (open) {
                progress.accept("trying a clone of " + candidate.name() + " " + how);
            }
            roles.add(
                    new CloneRole(
                            candidate.subject(),
                            candidate.provisions(),
                            locked,
                            locked,
                            readOnly ? patience(candidate) : limits.total().dividedBy(2),
                            candidate.running(),
                            locked && candidate.endsWell()));
        }
        List<CloneRunResult> played = CloneRun.play(bench, stage(deadline), roles);
        for (int i = 0; i < cast.size(); i++) {
            if (!cast.get(i).decided()) {
                runs.put(cast.get(i), played.get(i));
            }
        }
        return runs;
    }

    /// Whatever time there is, no clone lives longer than any may.
    private CloneRunContext stage(long deadline) {
        long longest = time.nanos() + CloneEnvironment.LONGEST_LIFE.toNanos();
        return new CloneRunContext(
                looks,
                exerciser,
                limits.settling(),
                time,
                longest - deadline < 0 ? longest : deadline);
    }

    private static Duration patience(ProposalCandidate candidate) {
        Duration expected = candidate.ready().multipliedBy(TIMES_AS_LONG);
        return expected.compareTo(AT_LEAST) < 0 ? AT_LEAST : expected;
    }
}
