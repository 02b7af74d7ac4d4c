package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.config.Configuration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// An agent that was created and not started.
class MonitorAgentTest {
    private static final Configuration UNREACHABLE_ENGINE =
            Configuration.DEFAULT.withHosts(List.of("unix:///no/such.sock"));

    /// The web server may ask for readiness before start() is called.
    @Test
    void itIsNotReadyFromTheFirstMomentOn() throws Exception {
        try (MonitorAgent agent = new MonitorAgent(UNREACHABLE_ENGINE, Map.of())) {
            assertThat(agent.notReadyReason())
                    .contains(
                            "waiting for the first cycle on unix:///no/such.sock: the engine has"
                                    + " not answered yet");
            assertThat(agent.scrape("").body()).asString().contains("writeprobe_engine_up{");
        }
    }
}
