package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The result of running one clone: created, started, waited for, exercised, and removed.
sealed interface CloneRunResult {
    /// @param missed what it wrote outside of all its mounts
    /// @param readyAfter the longest time it took to be ready
    /// @param runTime how long it ran in total
    /// @param exitedCleanly whether it exited with a clean code when it was stopped
    /// @param lost data of the first start that were gone after the second
    /// @param coverage what a read-only clone went through
    record Succeeded(
            List<WrittenFile> missed,
            Duration readyAfter,
            Duration runTime,
            boolean exitedCleanly,
            Set<String> lost,
            ProofCoverage coverage)
            implements CloneRunResult {
        public Succeeded {
            missed = List.copyOf(missed);
            requireNonNull(readyAfter);
            lost = Set.copyOf(lost);
            requireNonNull(runTime);
            requireNonNull(coverage);
        }
    }

    /// @param reason for people, with the clone as the subject: `it exited with code 1`. May
    ///   contain untrusted text
    /// @param missed paths that it could not write, according to its log
    /// @param log its last lines. Untrusted text
    record Failed(
            Failure failure,
            String reason,
            List<WrittenFile> missed,
            Duration runTime,
            List<String> log)
            implements CloneRunResult {
        public Failed {
            requireNonNull(failure);
            requireNonNull(reason);
            missed = List.copyOf(missed);
            requireNonNull(runTime);
            log = List.copyOf(log);
        }
    }

    enum Failure {
        /// The clone failed: it exited, was unhealthy, or did not start.
        CLONE,
        /// The exercise failed.
        EXERCISE,
        /// The time ran out before there was a result.
        OUT_OF_TIME
    }
}
