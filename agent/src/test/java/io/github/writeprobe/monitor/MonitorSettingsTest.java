package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MonitorSettingsTest {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(5);

    private static MonitorSettings with(Duration interval, Duration execInterval) {
        return new MonitorSettings(ProbeSettings.DEFAULT, Policy.DEFAULT, interval, execInterval);
    }

    @Test
    void aLimitShortensALongerInterval() {
        assertThat(with(LONG, LONG).atMost(SHORT, SHORT)).isEqualTo(with(SHORT, SHORT));
        assertThat(with(SHORT, LONG).atMost(LONG, SHORT)).isEqualTo(with(SHORT, SHORT));
        assertThat(with(LONG, SHORT).atMost(SHORT, LONG)).isEqualTo(with(SHORT, SHORT));
        assertThat(with(SHORT, SHORT).atMost(LONG, LONG)).isEqualTo(with(SHORT, SHORT));
    }
}
