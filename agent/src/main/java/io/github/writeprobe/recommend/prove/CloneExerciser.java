package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Makes a clone do what its original does in normal use.
@FunctionalInterface
public interface CloneExerciser {
    /// @param environment how to reach the clone: [Clone#environment()]
    /// @param limit after which the exercise is stopped
    Exercised exercise(Map<String, String> environment, Duration limit) throws InterruptedException;

    sealed interface Exercised {
        record Passed() implements Exercised {}

        /// It did not end within the limit, so it shows nothing.
        ///
        /// @param output its last lines. Untrusted text
        record TimedOut(Duration limit, List<String> output) implements Exercised {
            public TimedOut {
                requireNonNull(limit);
                output = List.copyOf(output);
            }
        }

        /// @param reason for people: `it exited with code 22`
        /// @param output its last lines. Untrusted text
        record Failed(String reason, List<String> output) implements Exercised {
            public Failed {
                requireNonNull(reason);
                output = List.copyOf(output);
            }
        }
    }
}
