package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.WriteEvidenceWording;
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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// A proposal while it is tested and improved.
final class ProposalProofState {
    private final ProposalInput observed;
    private final Map<String, WrittenFile> missed = new LinkedHashMap<>();
    private final Set<String> lost = new TreeSet<>();
    private final List<String> differences = new ArrayList<>();
    private Proposal proposal;
    private Duration originalUptime = Duration.ZERO;
    private Duration readyAfter = Duration.ZERO;
    private Duration exercised = Duration.ZERO;
    private Optional<Outcome> outcome = Optional.empty();
    private Optional<CloneRunResult.Failed> failedRun = Optional.empty();
    private Optional<ProofCoverage> coverage = Optional.empty();
    private String reason = "";
    private List<String> log = List.of();
    private boolean prepared;
    private boolean exitedCleanly;

    /// Whether a clone failed even without the proposal.
    private boolean baselineFailed;

    /// Whether its clones are created without the proposal.
    private boolean baselineOnly;

    ProposalProofState(Prover.Trial trial) {
        this.observed = trial.observed();
        this.proposal = trial.proposal();
    }

    ProposalTarget subject() {
        return observed.subject();
    }

    String name() {
        return subject().container().name();
    }

    void markPrepared(Prepared.Ready result) {
        prepared = true;
        originalUptime = result.originalUptime();
        differences.addAll(result.differences());
    }

    void addDifference(String difference) {
        differences.add(difference);
    }

    boolean canRun() {
        return prepared && !baselineFailed;
    }

    boolean isDecided() {
        return outcome.isPresent();
    }

    /// Whether its writable clone failed with the proposal, so that it has to be tested without.
    boolean needsBaseline() {
        return failedRun.isPresent() && !isDecided();
    }

    List<ProposalItem> provisions() {
        return baselineOnly ? List.of() : proposal.provisions();
    }

    Duration originalUptime() {
        return originalUptime;
    }

    /// The longest time that a writable clone took to be ready.
    Duration readyAfter() {
        return readyAfter;
    }

    boolean exitedCleanly() {
        return exitedCleanly;
    }

    void recordRun(CloneRunResult.Succeeded succeeded) {
        exitedCleanly = succeeded.exitedCleanly();
        readyAfter =
                succeeded.readyAfter().compareTo(readyAfter) > 0
                        ? succeeded.readyAfter()
                        : readyAfter;
    }

    /// The directories with data that have to last.
    List<String> dataDirectories() {
        return proposal.provisions().stream()
                .flatMap(provision ->
                        switch (provision) {
                            case ProposalItem.Volume volume -> Stream.of(volume.path());
                            case ProposalItem.Kept kept ->
                                    kept.mount().kind() == MountKind.VOLUME
                                            ? Stream.of(kept.mount().destination())
                                            : Stream.of();
                            case ProposalItem.Tmpfs _, ProposalItem.Setting _ -> Stream.of();
                        })
                .toList();
    }

    /// @param paths that were gone after a restart
    /// @return whether the proposal has changed
    boolean keep(Set<String> paths, Function<ProposalInput, Proposal> proposer) {
        return lost.addAll(paths) && propose(proposer);
    }

    /// @return whether the proposal has changed
    boolean improve(List<WrittenFile> newWrites, Function<ProposalInput, Proposal> proposer) {
        int known = missed.size();
        newWrites.forEach(written -> missed.putIfAbsent(written.path(), written));
        if (missed.size() == known) {
            return false;
        }
        return propose(proposer);
    }

    private boolean propose(Function<ProposalInput, Proposal> proposer) {
        List<WrittenFile> all = new ArrayList<>(observed.missed());
        all.addAll(missed.values());
        Proposal improved =
                proposer.apply(
                        new ProposalInput(
                                observed.subject().withLost(lost),
                                observed.changes(),
                                observed.written(),
                                all,
                                observed.files(),
                                observed.watched(),
                                observed.shortfalls(),
                                observed.injected()));
        boolean changed = !improved.provisions().equals(proposal.provisions());
        proposal = improved;
        return changed;
    }

    /// A proposal is not proved by clones if Compose will not start it.
    void decideIfComposeRefuses() {
        if (!observed.injected().isEmpty()) {
            decide(
                    Outcome.UNDECIDED,
                    "Compose refuses a read-only service with "
                            + WriteEvidenceWording.shortList(observed.injected())
                            + ", which comes from the Compose file itself; see below");
        }
    }

    void recordFailure(CloneRunResult.Failed failed) {
        if (failed.failure() == Failure.OUT_OF_TIME) {
            markUndecided("the time ran out: ", failed);
        } else {
            failedRun = Optional.of(failed);
            baselineOnly = true;
        }
    }

    /// The run without the proposal shows whether the proposal caused the failure.
    void recordBaseline(CloneRunResult result) {
        CloneRunResult.Failed withProposal = failedRun.orElseThrow();
        switch (result) {
            case CloneRunResult.Succeeded succeeded -> {
                recordRun(succeeded);
                decide(
                        Outcome.REFUTED,
                        "a clone with the proposal failed, and a clone without it worked: "
                                + withProposal.reason());
                log = withProposal.log();
            }
            case CloneRunResult.Failed failed when failed.failure() == Failure.OUT_OF_TIME -> {
                baselineFailed = true;
                markUndecided(
                        "a writable clone with the proposal failed, and there was no time to try"
                                + " one without it: ",
                        withProposal);
            }
            case CloneRunResult.Failed failed -> {
                baselineFailed = true;
                markUndecided(
                        failed.failure() == Failure.EXERCISE
                                ? "the exercise proves nothing, because it failed even on a"
                                        + " writable clone: "
                                : "even a writable clone did not run: ",
                        failed);
            }
        }
    }

    void markProved(CloneRunResult.Succeeded succeeded) {
        coverage = Optional.of(succeeded.coverage());
        exercised = succeeded.runTime();
        decide(
                Outcome.PROVED,
                "a clone with a read-only root filesystem worked, and worked again after a"
                        + " restart");
    }

    void markLosing(CloneRunResult.Succeeded succeeded, Set<String> paths) {
        coverage = Optional.of(succeeded.coverage());
        exercised = succeeded.runTime();
        decide(
                Outcome.REFUTED,
                "a clone with a read-only root filesystem worked, but lost data at its restart: "
                        + WriteEvidenceWording.shortList(paths));
    }

    void markRefuted(CloneRunResult.Failed failed) {
        exercised = failed.runTime();
        if (failed.failure() == Failure.OUT_OF_TIME) {
            markUndecided("the time ran out: ", failed);
        } else {
            decide(
                    Outcome.REFUTED,
                    "a clone with a read-only root filesystem failed: " + failed.reason());
            log = failed.log();
        }
    }

    private void markUndecided(String what, CloneRunResult.Failed failed) {
        decide(Outcome.UNDECIDED, what + failed.reason());
        log = failed.log();
    }

    /// Only the first decision counts.
    void decide(Outcome decision, String decisionReason) {
        if (outcome.isEmpty()) {
            outcome = Optional.of(decision);
            reason = decisionReason;
        }
    }

    ProofResult toProofResult(Exercise exercise) {
        return new ProofResult(
                outcome.orElse(Outcome.UNDECIDED),
                reason,
                List.copyOf(missed.values()),
                proposal,
                exercise,
                exercised,
                coverage,
                log,
                differences);
    }
}
