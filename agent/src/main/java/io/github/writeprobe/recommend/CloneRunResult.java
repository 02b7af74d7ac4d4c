package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;

/// What came of one clone's run: made, started, waited for, exercised, and removed.
sealed interface CloneRunResult {
    /// @param missed what it wrote outside of all its mounts
    /// @param readyAfter how long it took to be ready, at the longest
    /// @param runTime for how long it ran
    /// @param exitedCleanly whether it did as it was asked when it was asked to end
    record Succeeded(
            List<WrittenFile> missed, Duration readyAfter, Duration runTime, boolean exitedCleanly)
            implements CloneRunResult {
        public Succeeded {
            missed = List.copyOf(missed);
            requireNonNull(readyAfter);
            requireNonNull(runTime);
        }
    }

    /// @param reason for people, with the clone as its subject: `it ended with code 1`. May hold a
    ///   stranger's text
    /// @param missed what it says that it could not write
    /// @param log its last lines; a stranger's texts
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
        /// The clone did something else than it had to.
        CLONE,
        /// The exercise failed.
        EXERCISE,
        /// There was no time left to find out.
        OUT_OF_TIME
    }
}
