package io.github.writeprobe.recommend;

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
import java.util.function.Function;

/// A proposal on its way to being proved.
final class ProposalCandidate {
    private final Observations observed;
    private final Map<String, WrittenFile> missed = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private Proposal proposal;
    private Duration running = Duration.ZERO;
    private Duration ready = Duration.ZERO;
    private Duration exercised = Duration.ZERO;
    private Optional<Outcome> outcome = Optional.empty();
    private Optional<CloneRunResult.Badly> stumble = Optional.empty();
    private String reason = "";
    private List<String> log = List.of();
    private boolean prepared;
    private boolean endsWell;

    /// Whether it does not even run as it is.
    private boolean lame;

    /// Whether what is proposed is left out of its clones.
    private boolean bare;

    ProposalCandidate(Prover.Trial trial) {
        this.observed = trial.observed();
        this.proposal = trial.proposal();
    }

    Subject subject() {
        return observed.subject();
    }

    String name() {
        return subject().container().name();
    }

    void prepared(Prepared.Ready how) {
        prepared = true;
        running = how.running();
        differences.addAll(how.differences());
    }

    void differs(String difference) {
        differences.add(difference);
    }

    boolean canRun() {
        return prepared && !lame;
    }

    boolean decided() {
        return outcome.isPresent();
    }

    /// Whether it did not get along with what is proposed, and is to be tried without.
    boolean stumbling() {
        return stumble.isPresent() && !decided();
    }

    List<Provision> provisions() {
        return bare ? List.of() : proposal.provisions();
    }

    Duration running() {
        return running;
    }

    /// How long a writable clone took, at the longest.
    Duration ready() {
        return ready;
    }

    boolean endsWell() {
        return endsWell;
    }

    void ran(CloneRunResult.Well well) {
        endsWell = well.endedWell();
        ready = well.ready().compareTo(ready) > 0 ? well.ready() : ready;
    }

    /// @return whether there is another proposal now
    boolean improve(List<WrittenFile> more, Function<Observations, Proposal> proposer) {
        int known = missed.size();
        more.forEach(written -> missed.putIfAbsent(written.path(), written));
        if (missed.size() == known) {
            return false;
        }
        List<WrittenFile> all = new ArrayList<>(observed.missed());
        all.addAll(missed.values());
        Proposal better =
                proposer.apply(
                        new Observations(
                                observed.subject(),
                                observed.changes(),
                                observed.written(),
                                all,
                                observed.files(),
                                observed.watched(),
                                observed.shortfalls()));
        boolean changed = !better.provisions().equals(proposal.provisions());
        proposal = better;
        return changed;
    }

    void stumbled(CloneRunResult.Badly badly) {
        if (badly.failure() == Failure.OUT_OF_TIME) {
            undecided("the time was up: ", badly);
        } else {
            stumble = Optional.of(badly);
            bare = true;
        }
    }

    /// What it does without the proposal says whose fault it was.
    void bare(CloneRunResult run) {
        CloneRunResult.Badly with = stumble.orElseThrow();
        switch (run) {
            case CloneRunResult.Well well -> {
                ran(well);
                decide(
                        Outcome.REFUTED,
                        "with what is proposed a clone did not get along, and without it one did: "
                                + with.why());
                log = with.log();
            }
            case CloneRunResult.Badly badly when badly.failure() == Failure.OUT_OF_TIME -> {
                lame = true;
                undecided(
                        "a clone that could write did not get along, and there was no time to try one without what is proposed: ",
                        with);
            }
            case CloneRunResult.Badly badly -> {
                lame = true;
                undecided(
                        badly.failure() == Failure.EXERCISE
                                ? "the exercise tells nothing: it failed even on a clone that could write: "
                                : "not even a clone that could write ran: ",
                        badly);
            }
        }
    }

    void proved(CloneRunResult.Well well) {
        exercised = well.ran();
        decide(
                Outcome.PROVED,
                "a clone with a read-only root filesystem did all that was asked of it, and again after a restart");
    }

    void refuted(CloneRunResult.Badly badly) {
        exercised = badly.ran();
        if (badly.failure() == Failure.OUT_OF_TIME) {
            undecided("the time was up: ", badly);
        } else {
            decide(
                    Outcome.REFUTED,
                    "with a read-only root filesystem a clone did not get along: " + badly.why());
            log = badly.log();
        }
    }

    private void undecided(String what, CloneRunResult.Badly badly) {
        decide(Outcome.UNDECIDED, what + badly.why());
        log = badly.log();
    }

    /// The first decision stands.
    void decide(Outcome decided, String why) {
        if (outcome.isEmpty()) {
            outcome = Optional.of(decided);
            reason = why;
        }
    }

    ProofResult proof(Exercise exercise) {
        return new ProofResult(
                outcome.orElse(Outcome.UNDECIDED),
                reason,
                List.copyOf(missed.values()),
                proposal,
                exercise,
                exercised,
                log,
                differences);
    }
}
