package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;

/// What came of trying a proposal on clones.
///
/// @param reason for people, one sentence: why it is so. May hold a stranger's text
/// @param missed what the clones wrote where the first proposal left nothing writable
/// @param proposal the one that was proved at last, or the best there is
/// @param exercise what the clones were exercised by
/// @param exercised for how long the read-only clone ran
/// @param log the last lines of the clone that failed; else empty. A stranger's text
/// @param differences for people, in what the clones were not like the container, and what that may
///   mean; each a sentence. May hold a stranger's text
public record ProofResult(
        Outcome outcome,
        String reason,
        List<WrittenFile> missed,
        Proposal proposal,
        Exercise exercise,
        Duration exercised,
        List<String> log,
        List<String> differences) {
    public enum Outcome {
        /// A clone with a read-only root filesystem ran, and did all that it was asked to.
        PROVED("proved"),
        /// It did not, though one with a writable root filesystem did.
        REFUTED("refuted"),
        /// No clone ran even with a writable root filesystem, or nobody could tell.
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
        COMMAND("the command of --exercise"),
        HEALTH_CHECK("its health check"),
        START("its start alone");

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
        log = List.copyOf(log);
        differences = List.copyOf(differences);
    }
}
