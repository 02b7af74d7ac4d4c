package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "100ms, 100, 100ms",
        "5s, 5000, 5s",
        "90s, 90000, 90s",
        "60s, 60000, 1m",
        "15m, 900000, 15m",
        "1h, 3600000, 1h",
        "0s, 0, 0h",
        "1500ms, 1500, 1500ms",
        "999999999h, 3599999996400000, 999999999h"
    })
    void aNumberAndAUnitAreADuration(String text, long millis, String rendered) {
        assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
        assertThat(Durations.render(Duration.ofMillis(millis))).isEqualTo(rendered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "-5s", "5 s", "1.5s", "1h30m", "5S", "PT5S", "9999999999s"})
    void anythingElseIsNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
