package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.Lab.Image;
import org.junit.jupiter.api.Test;

/// An engine that stops and restarts, and one that hangs.
class EngineTroubleIT {
    private static final String UP = "writeprobe_engine_up";
    private static final String VERIFIED = "writeprobe_container_verified";
    private static final String COMPLIANT = "writeprobe_container_compliant";
    private static final String CONFIGURATION = "probe: {interval: 1s, exec-interval: 24h}\n";

    /// The limit is two cycles plus the ten seconds that a call may take.
    @Test
    void anEngineThatRestartsIsFoundAgainAndOneThatHangsMakesEverythingUnverified() {
        try (PrivateEngine engine = PrivateEngine.start();
                Lab lab = Lab.open(engine.environment())) {
            String container = lab.start(Image.BUSYBOX, "--read-only");
            String name = "container=\"" + container + "\"";
            try (RunningAgent agent = RunningAgent.start(engine.environment(), CONFIGURATION)) {
                agent.awaitSample(COMPLIANT, 1, name);

                engine.stop();
                agent.awaitSample(UP, 0);
                engine.restart();
                agent.awaitSample(UP, 1);
                agent.awaitSample("writeprobe_engine_reconnects_total", 1);
                String after = lab.start(Image.BUSYBOX);
                agent.awaitSample(
                        "writeprobe_finding", 1, "container=\"" + after + "\"", "exposed");
                agent.awaitSample(COMPLIANT, 1, name);

                engine.freeze(true);
                agent.awaitSample(UP, 0);
                agent.awaitSample(VERIFIED, 0, name);
                assertThat(agent.hasSample(COMPLIANT, 0, name)).isTrue();
                engine.freeze(false);
                agent.awaitSample(UP, 1);
                agent.awaitSample(COMPLIANT, 1, name);
            }
        }
    }
}
