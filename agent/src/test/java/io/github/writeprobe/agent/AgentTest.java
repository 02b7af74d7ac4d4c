package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.policy.Policy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is said of an agent that has just been put together.
class AgentTest {
    private static final Configuration UNREACHABLE_ENGINE =
            new Configuration(
                    List.of("unix:///no/such.sock"),
                    Configuration.Probe.DEFAULT,
                    Policy.DEFAULT,
                    Configuration.Web.DEFAULT);

    /// The web server asks from its first request on, which may come before start().
    @Test
    void itIsNotReadyFromTheFirstMomentOn() throws Exception {
        try (Agent agent = new Agent(UNREACHABLE_ENGINE, Map.of())) {
            assertThat(agent.notReadyReason())
                    .contains(
                            "waiting for the first pass over unix:///no/such.sock: the engine has"
                                    + " not answered yet");
            assertThat(agent.scrape("").body()).asString().contains("writeprobe_engine_up{");
        }
    }
}
