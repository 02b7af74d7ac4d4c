package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.monitor.ScriptedEngine.Exec;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The monitor on real threads. [MonitorStateMachineTest] tests its decisions.
@Timeout(60)
class MonitorTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final ScriptedEngine engine = new ScriptedEngine("unix:///one");
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final ReportBoard board = new ReportBoard("test", settings(), Clock.systemUTC());

    private final class Recorder implements MonitorListener {
        @Override
        public void probed(ProbeResult result, int paths) {
            told.add("probed");
        }

        @Override
        public void cycleCompleted(WitnessName witness, Duration took) {
            told.add("cycle completed");
        }

        @Override
        public void verdictChanged(Trigger trigger, Duration latency) {
            told.add("verdict changed");
        }

        @Override
        public void mountTableChanged(ChangeOrigin origin) {}

        @Override
        public void eventReceived() {
            told.add("event received");
        }

        @Override
        public void reconnected() {
            told.add("reconnected");
        }
    }

    private static MonitorSettings settings() {
        return new MonitorSettings(
                ProbeSettings.DEFAULT.toBuilder()
                        .onlyWitness(Optional.of(WitnessName.EXEC))
                        .paths(List.of("/tmp"))
                        .timeout(Duration.ofMinutes(5))
                        .build(),
                Policy.DEFAULT,
                NEVER,
                NEVER);
    }

    private Monitor monitor() {
        return new Monitor(
                board,
                List.of(engine),
                ProcfsWitness.unavailable("this is a test"),
                Optional.empty(),
                new Recorder(),
                Clock.systemUTC());
    }

    private void await(String what) throws InterruptedException {
        String next = "";
        while (!next.equals(what)) {
            next = Optional.ofNullable(told.poll(30, TimeUnit.SECONDS)).orElseThrow();
        }
    }

    @Test
    void whatWasNeverStartedCanBeClosed() {
        monitor().close();
        assertThat(engine.calls).containsExactly("close");
    }

    @Test
    void eventsBecomeVerdictsAndTheMonitorIsAlive() throws Exception {
        try (Monitor monitor = monitor()) {
            monitor.start();
            await("cycle completed");
            engine.run(1, Exec.READ_ONLY);
            await("event received");
            await("verdict changed");
            assertThat(board.report().containers())
                    .extracting(ContainerReport::verdict)
                    .containsExactly(Verdict.COMPLIANT);
            assertThat(monitor.hung()).isEmpty();
        }
    }

    @Test
    void anEngineThatIsNotWantedAnyMoreIsClosed() throws Exception {
        try (Monitor monitor = monitor()) {
            monitor.start();
            await("cycle completed");
            ScriptedEngine other = new ScriptedEngine("unix:///other");
            monitor.reconfigure(settings(), List.of(other));
            await("cycle completed");
            while (!engine.calls.contains("close")) {
                Thread.onSpinWait();
            }
            assertThat(board.report().engines()).hasSize(1);
        }
    }

    @Test
    void aBugInASubscriptionIsNotItsEnd() throws Exception {
        engine.broken(1);
        try (Monitor monitor = monitor()) {
            monitor.start();
            await("cycle completed");
            assertThat(engine.count("follow")).isEqualTo(2);
        }
    }

    @Test
    void closingCancelsWhatIsUnderWay() throws Exception {
        engine.run(1, Exec.HANGS);
        Monitor monitor = monitor();
        monitor.start();
        while (engine.count("exec") == 0) {
            Thread.onSpinWait();
        }
        long from = System.nanoTime();
        monitor.close();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
        assertThat(engine.calls).contains("close");
    }
}
