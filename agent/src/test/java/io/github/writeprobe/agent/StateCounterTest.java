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

class StateCounterTest {
    private static final Report EARLY = report(Instant.EPOCH, Optional.empty());
    private static final Report LATE = report(Instant.EPOCH.plusSeconds(1), Optional.empty());

    private final StateCounter generations = new StateCounter(0);

    private static Report report(Instant at, Optional<String> trouble) {
        return new Report(
                "1",
                List.of(new EngineReport("e", "", "", List.of(), trouble)),
                at,
                Duration.ZERO,
                List.of());
    }

    private String of(Report report, int second) {
        return generations.of(report, "", TimeUnit.SECONDS.toNanos(second));
    }

    @Test
    void nothingNewIsNoNews() {
        assertThat(of(EARLY, 1)).isEqualTo(of(EARLY, 2)).isEqualTo(of(EARLY, 100));
    }

    @Test
    void whatIsNewIsNewsAtOnce() {
        String before = of(EARLY, 1);

        String after = of(report(Instant.EPOCH, Optional.of("gone")), 1);

        assertThat(after).isNotEqualTo(before);
        assertThat(generations.of(EARLY, "history", 1)).isNotIn(before, after);
    }

    @Test
    void anotherTimeAloneIsNewsAfterAWhile() {
        String before = of(EARLY, 1);

        assertThat(of(LATE, 5)).isEqualTo(before);
        assertThat(of(LATE, 12)).isNotEqualTo(before);
    }
}
