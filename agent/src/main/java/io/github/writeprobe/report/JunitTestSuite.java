package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// A suite of JUnit XML. All its texts are escaped.
record JunitTestSuite(String name, List<JunitCase> cases) {
    JunitTestSuite {
        requireNonNull(name);
        cases = List.copyOf(cases);
    }

    long failures() {
        return cases.stream().filter(c -> c.outcome() instanceof JunitCase.Failed).count();
    }

    long errors() {
        return cases.stream().filter(c -> c.outcome() instanceof JunitCase.Errored).count();
    }

    long skipped() {
        return cases.stream().filter(c -> c.outcome() instanceof JunitCase.Skipped).count();
    }

    Duration duration() {
        return cases.stream().map(JunitCase::duration).reduce(Duration.ZERO, Duration::plus);
    }
}
