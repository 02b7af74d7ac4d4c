package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.propose.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The result of testing a proposal on clones.
///
/// @param reason for people, one sentence. May contain untrusted text
/// @param missed what the clones wrote and for which the first proposal had no writable mount
/// @param proposal the one that was proved, or the best one so far
/// @param exercise how the clones were exercised
/// @param exercised how long the read-only clone ran
/// @param coverage what the read-only clone went through; empty if none worked
/// @param log the last lines of the clone that failed; otherwise empty. Untrusted text
/// @param differences how the clones differ from the container, and what that may mean, for people;
///   each a sentence. May contain untrusted text
public record ProofResult(
        Outcome outcome,
        String reason,
        List<WrittenFile> missed,
        Proposal proposal,
        Exercise exercise,
        Duration exercised,
        Optional<ProofCoverage> coverage,
        List<String> log,
        List<String> differences) {
    public enum Outcome {
        /// A clone with a read-only root filesystem did everything that it was exercised with.
        PROVED("proved"),
        /// A clone with a read-only root filesystem failed, although a writable clone worked; or
        /// the proposal broke even the writable clone.
        REFUTED("refuted"),
        /// No clone ran at all, the exercise failed on every clone, or the time ran out.
        UNDECIDED("undecided");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public enum Exercise {
        COMMAND("the --exercise command"),
        HEALTH_CHECK("its health check"),
        START("its start only");

        private final String label;

        Exercise(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public ProofResult {
        requireNonNull(outcome);
        requireNonNull(reason);
        missed = List.copyOf(missed);
        requireNonNull(proposal);
        requireNonNull(exercise);
        requireNonNull(exercised);
        requireNonNull(coverage);
        log = List.copyOf(log);
        differences = List.copyOf(differences);
    }
}
