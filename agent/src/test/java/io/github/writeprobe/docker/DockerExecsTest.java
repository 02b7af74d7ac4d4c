package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.writeprobe.docker.FakeEngine.Behaviour;
import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecWitness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DockerExecsTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir Path directory;
    private FakeEngine fake;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        Path socket = directory.resolve("engine.sock");
        fake = FakeEngine.onUnix(socket, 1);
        engine =
                DockerEngines.open(List.of("unix://" + socket), Map.of(), Duration.ofSeconds(10))
                        .getFirst();
    }

    @AfterEach
    void stop() {
        engine.close();
        fake.close();
    }

    private ExecOutcome run(int maxBytes, String... command) throws InterruptedException {
        return engine.execs()
                .run(FakeEngine.id(0), List.of(command), Optional.empty(), LIMIT, maxBytes);
    }

    private void assertFails(InconclusiveCause cause, String detail) throws InterruptedException {
        assertThat(run(1000, "echo"))
                .asInstanceOf(type(ExecOutcome.Failed.class))
                .satisfies(failed -> assertThat(failed.cause()).isEqualTo(cause))
                .satisfies(failed -> assertThat(failed.detail()).contains(detail));
    }

    @Test
    void theOutputIsReceived() throws Exception {
        assertThat(run(1000, "echo", "a \"b\"", "é\n"))
                .isEqualTo(new ExecOutcome.Finished("echo a \"b\" é\n\n"));
    }

    @Test
    void outputOfJustTheAllowedLengthIsReceived() throws Exception {
        assertThat(run(5, "echo")).isEqualTo(new ExecOutcome.Finished("echo\n"));
        assertThat(run(4, "echo"))
                .isEqualTo(
                        new ExecOutcome.Failed(
                                InconclusiveCause.OUTPUT_CAPPED, "more than 4 bytes"));
    }

    @Test
    void theExecWitnessGetsACompleteResult() throws Exception {
        ProbeResult result =
                new ExecWitness(engine.execs(), LIMIT, false)
                        .probe(FakeEngine.id(0), ProbeIdentity.SERVICE, List.of("/tmp", "/etc"));
        assertThat(result.trouble()).isEmpty();
        assertThat(result.observations())
                .filteredOn(o -> o.path().equals("/tmp"))
                .singleElement()
                .extracting(o -> o.write())
                .isEqualTo(new WriteResult.Writable());
        assertThat(result.observations())
                .filteredOn(o -> o.path().equals("/etc"))
                .singleElement()
                .extracting(o -> o.write())
                .isInstanceOf(WriteResult.Refused.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG_BEFORE_HEADERS", "HANG_AFTER_HEADERS", "HANG_MID_STREAM"})
    void anExecThatHangsTimesOut(Behaviour behaviour) throws Exception {
        fake.on(Call.EXEC_START, behaviour);
        assertFails(InconclusiveCause.TIMED_OUT, "not finished within 2 s");
    }

    @Test
    void outputWithoutEndIsCapped() throws Exception {
        fake.on(Call.EXEC_START, Behaviour.ENDLESS);
        assertThat(run(2 << 20))
                .asInstanceOf(type(ExecOutcome.Failed.class))
                .extracting(ExecOutcome.Failed::cause)
                .isEqualTo(InconclusiveCause.OUTPUT_CAPPED);
    }

    @ParameterizedTest
    @CsvSource({
        "ABSURD_FRAME, the connection to the engine",
        "TORN, the connection to the engine",
        "UNFRAMED, the output has no valid frame header",
        "SLOW, the output has no valid frame header",
        "ERROR_FRAME, the engine reports: no such luck",
        "GARBAGE, closed the connection",
        "DROP, closed the connection"
    })
    void aBrokenStreamIsTheEnginesTrouble(Behaviour behaviour, String detail) throws Exception {
        fake.on(Call.EXEC_START, behaviour);
        assertFails(InconclusiveCause.ENGINE, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "409|Container abc is paused, unpause the container before exec|PAUSED",
                "409|Container abc is not running|NOT_RUNNING",
                "409|Container abc is restarting, wait until it runs|NOT_RUNNING",
                "404|No such container: abc|GONE",
                "500|runc is out of sorts|EXEC_FAILED",
                "400|No exec command specified|EXEC_FAILED"
            })
    void aRefusedExecHasACause(int status, String message, InconclusiveCause cause)
            throws Exception {
        fake.reply(Call.EXEC_CREATE, status, "{\"message\":\"" + message + "\"}");
        assertFails(cause, message);
    }

    @Test
    void aRefusalThatNamesNoStateIsLookedInto() throws Exception {
        fake.reply(Call.EXEC_CREATE, 409, "{\"message\":\"container state improper\"}");
        fake.reply(
                Call.INSPECT,
                200,
                "{\"Id\":\"a\",\"State\":{\"Status\":\"paused\",\"Paused\":true}}");
        assertFails(InconclusiveCause.PAUSED, "paused");
    }

    @Test
    void aContainerThatStopsBetweenCreateAndStartIsNotRunning() throws Exception {
        fake.reply(Call.EXEC_START, 409, "{\"message\":\"gone to sleep\"}");
        fake.reply(Call.INSPECT, 200, "{\"Id\":\"a\",\"State\":{\"Status\":\"exited\"}}");
        assertFails(InconclusiveCause.NOT_RUNNING, "the container is exited");
    }

    @Test
    void aStartThatFailsIsAFailedExec() throws Exception {
        fake.reply(Call.EXEC_START, 500, "{}");
        assertFails(InconclusiveCause.EXEC_FAILED, "500");
    }

    @Test
    void silenceOfAContainerThatStoppedIsNoOutput() throws Exception {
        fake.on(Call.EXEC_START, Behaviour.SILENT);
        assertThat(run(1000, "true")).isEqualTo(new ExecOutcome.Finished(""));
        fake.reply(Call.INSPECT, 200, "{\"Id\":\"a\",\"State\":{\"Status\":\"exited\"}}");
        assertFails(InconclusiveCause.NOT_RUNNING, "exited");
    }

    private ExecOutcome runWithShortTimeout(int container) throws InterruptedException {
        return engine.execs()
                .run(
                        FakeEngine.id(container),
                        List.of("sh"),
                        Optional.empty(),
                        Duration.ofMillis(150),
                        1000);
    }

    @Test
    void aContainerInWhichThreeProbesRunOnGetsNoOther() throws Exception {
        engine.identify();
        fake.execDelay(0, Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            assertThat(runWithShortTimeout(0))
                    .isEqualTo(
                            new ExecOutcome.Failed(
                                    InconclusiveCause.TIMED_OUT, "not finished within 150 ms"));
        }
        fake.forgetRequests();
        for (int i = 0; i < 5; i++) {
            assertThat(run(1000, "echo"))
                    .isEqualTo(
                            new ExecOutcome.Failed(
                                    InconclusiveCause.TIMED_OUT,
                                    "3 earlier probes still run in the container"));
        }
        assertThat(fake.count(Call.EXEC_CREATE)).isZero();
        assertThat(fake.count(Call.EXEC_INSPECT)).isEqualTo(15);
        fake.start(1);
        assertThat(engine.execs().run(FakeEngine.id(1), List.of("a"), Optional.empty(), LIMIT, 9))
                .isEqualTo(new ExecOutcome.Finished("a\n"));
    }

    @Test
    void endedExecAllowsAnotherProbe() throws Exception {
        engine.identify();
        fake.execDelay(0, Duration.ofSeconds(2));
        for (int i = 0; i < 3; i++) {
            runWithShortTimeout(0);
        }
        fake.execDelay(0, Duration.ZERO);
        assertThat(run(1000, "echo")).isInstanceOf(ExecOutcome.Failed.class);
        Thread.sleep(2_000);
        assertThat(run(1000, "echo")).isEqualTo(new ExecOutcome.Finished("echo\n"));
        fake.forgetRequests();
        assertThat(run(1000, "echo")).isEqualTo(new ExecOutcome.Finished("echo\n"));
        assertThat(fake.count(Call.EXEC_INSPECT)).isZero();
    }

    @Test
    void endedExecsAreNotInspected() throws Exception {
        for (int i = 0; i < 5; i++) {
            run(1000, "echo");
        }
        fake.reply(Call.EXEC_START, 500, "{}");
        run(1000, "echo");
        run(1000, "echo");
        assertThat(fake.count(Call.EXEC_INSPECT)).isZero();
    }

    @Test
    void interruptedProbesCountAsStillRunning() throws Exception {
        engine.identify();
        fake.execDelay(0, Duration.ofHours(1));
        for (int i = 1; i <= 3; i++) {
            int started = i;
            Thread caller =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    run(1000, "echo");
                                } catch (InterruptedException expected) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            while (fake.count(Call.EXEC_START) < started) {
                Thread.sleep(5);
            }
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
        }
        assertFails(InconclusiveCause.TIMED_OUT, "3 earlier probes");
    }

    @Test
    void aPausedContainerIsPausedWhateverRunsInIt() throws Exception {
        engine.identify();
        fake.execDelay(0, Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            runWithShortTimeout(0);
        }
        fake.pause(0);
        // An engine's answer about the execs of a paused container.
        fake.reply(Call.EXEC_INSPECT, 409, "{\"message\":\"Container is paused\"}");
        assertFails(InconclusiveCause.PAUSED, "paused");
    }

    @Test
    void containersThatAreGoneAreForgotten() {
        UnfinishedExecs unfinished = new UnfinishedExecs();
        for (int i = 0; i < 5_000; i++) {
            unfinished.add("c" + i, "e");
            for (int j = 0; j < 200; j++) {
                unfinished.add("c0", "e" + j);
            }
        }
        assertThat(unfinished.containerCount()).isEqualTo(1_000);
        assertThat(unfinished.of("c0")).hasSizeLessThanOrEqualTo(100).isNotEmpty();
        assertThat(unfinished.of("c3999")).isEmpty();
        assertThat(unfinished.of("c4999")).containsExactly("e");
        unfinished.remove("c4999", "e");
        unfinished.remove("c4999", "e");
        assertThat(unfinished.containerCount()).isEqualTo(999);
    }

    @Test
    void anExecOverAStaleConnectionIsTriedAgain() throws Exception {
        engine.identify();
        fake.hangUp();
        assertThat(run(1000, "echo")).isEqualTo(new ExecOutcome.Finished("echo\n"));
    }

    @Test
    void anEngineThatIsGoneIsTheEnginesTrouble() throws Exception {
        fake.close();
        assertFails(InconclusiveCause.ENGINE, "no engine socket at");
    }

    @Test
    void anIdThatNoContainerCanHaveIsGone() throws Exception {
        assertThat(engine.execs().run("../x", List.of("sh"), Optional.empty(), LIMIT, 10))
                .isInstanceOf(ExecOutcome.Failed.class);
        assertThat(fake.requests()).isEmpty();
    }
}
