package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatusPageVersionCounterTest {
    private static final Report EARLY = report(Instant.EPOCH, Optional.empty());
    private static final Report LATE = report(Instant.EPOCH.plusSeconds(1), Optional.empty());

    private final StatusPageVersionCounter counter = new StatusPageVersionCounter(0);

    private static Report report(Instant at, Optional<String> error) {
        return new Report(
                "1",
                List.of(new EngineReport("e", "", "", List.of(), error)),
                at,
                Duration.ZERO,
                List.of());
    }

    private String generation(Report report, int second) {
        return counter.generation(report, "", TimeUnit.SECONDS.toNanos(second));
    }

    @Test
    void nothingNewIsNoNews() {
        assertThat(generation(EARLY, 1))
                .isEqualTo(generation(EARLY, 2))
                .isEqualTo(generation(EARLY, 100));
    }

    @Test
    void changedReportChangesTheGenerationAtOnce() {
        String before = generation(EARLY, 1);

        String after = generation(report(Instant.EPOCH, Optional.of("gone")), 1);

        assertThat(after).isNotEqualTo(before);
        assertThat(counter.generation(EARLY, "history", 1)).isNotIn(before, after);
    }

    @Test
    void anotherTimeAloneIsNewsAfterAWhile() {
        String before = generation(EARLY, 1);

        assertThat(generation(LATE, 5)).isEqualTo(before);
        assertThat(generation(LATE, 12)).isNotEqualTo(before);
    }
}
