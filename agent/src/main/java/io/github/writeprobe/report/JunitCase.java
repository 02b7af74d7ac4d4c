package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// A test case of JUnit XML. All its texts are escaped.
///
/// @param output lines that are shown with any outcome
record JunitCase(
        String className, String name, Duration duration, Outcome outcome, List<String> output) {
    JunitCase {
        requireNonNull(className);
        requireNonNull(name);
        requireNonNull(duration);
        requireNonNull(outcome);
        output = List.copyOf(output);
    }

    sealed interface Outcome {}

    record Passed() implements Outcome {}

    /// The test was not carried out.
    record Skipped(String message) implements Outcome {}

    /// The test found something wrong.
    ///
    /// @param type the kinds of findings
    /// @param body repeats the message, because some readers show only one of the two
    record Failed(String type, String message, List<String> body) implements Outcome {
        Failed {
            body = List.copyOf(body);
        }
    }

    /// The test could not be carried out.
    ///
    /// @param body repeats the message
    record Errored(String type, String message, List<String> body) implements Outcome {
        Errored {
            body = List.copyOf(body);
        }
    }
}
