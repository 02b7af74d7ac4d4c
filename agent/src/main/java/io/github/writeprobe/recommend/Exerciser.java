package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Makes a clone do what its original does all day.
@FunctionalInterface
public interface Exerciser {
    /// @param environment how the clone is reached: [Clone#environment()]
    /// @param limit after which it is broken off
    Exercised exercise(Map<String, String> environment, Duration limit) throws InterruptedException;

    sealed interface Exercised {
        record Passed() implements Exercised {}

        /// @param reason for people: `it ended with code 22`
        /// @param output its last lines; a stranger's texts
        record Failed(String reason, List<String> output) implements Exercised {
            public Failed {
                requireNonNull(reason);
                output = List.copyOf(output);
            }
        }
    }
}
