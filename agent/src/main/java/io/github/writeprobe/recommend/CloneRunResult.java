package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.writes.WrittenFile;
import java.time.Duration;
import java.util.List;

/// What came of one clone's run: made, started, waited for, exercised, and removed.
sealed interface CloneRunResult {
    /// @param missed what it wrote outside of all its mounts
    /// @param ready how long it took to be ready, at the longest
    /// @param ran for how long it ran
    /// @param endedWell whether it did as it was asked when it was asked to end
    record Well(List<WrittenFile> missed, Duration ready, Duration ran, boolean endedWell)
            implements CloneRunResult {
        public Well {
            missed = List.copyOf(missed);
            requireNonNull(ready);
            requireNonNull(ran);
        }
    }

    /// @param why for people, with the clone as its subject: `it ended with code 1`. May hold a
    ///   stranger's text
    /// @param missed what it says that it could not write
    /// @param log its last lines; a stranger's texts
    record Badly(
            Failure failure, String why, List<WrittenFile> missed, Duration ran, List<String> log)
            implements CloneRunResult {
        public Badly {
            requireNonNull(failure);
            requireNonNull(why);
            missed = List.copyOf(missed);
            requireNonNull(ran);
            log = List.copyOf(log);
        }
    }

    enum Failure {
        /// The clone did something else than it had to.
        ITS_OWN,
        /// The exercise failed.
        EXERCISE,
        /// There was no time left to find out.
        OUT_OF_TIME
    }
}
