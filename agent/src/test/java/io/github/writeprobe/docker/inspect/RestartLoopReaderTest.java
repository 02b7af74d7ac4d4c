package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.engine.RestartLoopStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartLoopReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private static Optional<RestartLoopStatus> of(String policy, int count, String state)
            throws Exception {
        String json =
                "{'RestartCount':%d,'HostConfig':{'RestartPolicy':{'Name':'%s'}},'State':{%s}}"
                        .formatted(count, policy, state);
        return RestartLoopReader.of(new JsonMapper().readTree(json.replace('\'', '"')), NOW);
    }

    private static String runningFor(double seconds) {
        return "'Running':true,'Restarting':false,'ExitCode':0,'StartedAt':'"
                + NOW.minus(Duration.ofMillis((long) (seconds * 1000)))
                + "'";
    }

    private static final String WAITING =
            "'Running':true,'Restarting':true,'ExitCode':137,'StartedAt':'2026-11-29T11:00:00Z'";

    @ParameterizedTest
    @CsvSource({"always", "unless-stopped", "on-failure"})
    void restartingContainerIsInARestartLoop(String policy) throws Exception {
        assertThat(of(policy, 7, WAITING))
                .contains(new RestartLoopStatus(7, OptionalInt.of(137), Optional.empty()));
    }

    @Test
    void restartedContainerIsSettledAfterTenSeconds() throws Exception {
        assertThat(of("always", 1, runningFor(0.3)).orElseThrow().untilSettled())
                .contains(Duration.ofMillis(9700));
        assertThat(of("always", 1, runningFor(9.999))).isPresent();
        assertThat(of("always", 1, runningFor(10))).isEmpty();
        assertThat(of("always", 1, runningFor(3600))).isEmpty();
    }

    @Test
    void aClockThatWasSetBackDoesNotMakeItOld() throws Exception {
        assertThat(of("always", 1, runningFor(-3600)).orElseThrow().untilSettled())
                .contains(Duration.ofSeconds(10));
        assertThat(of("always", 1, "'Running':true,'StartedAt':'soon'")).isPresent();
    }

    @Test
    void manualStartIsNoRestartLoop() throws Exception {
        assertThat(of("always", 0, runningFor(0.3))).isEmpty();
        assertThat(of("no", 0, runningFor(0.3))).isEmpty();
        assertThat(of("", 3, runningFor(0.3))).isEmpty();
    }

    @Test
    void exitedContainerIsNotInARestartLoop() throws Exception {
        assertThat(of("on-failure", 3, "'Running':false,'Restarting':false,'ExitCode':1"))
                .isEmpty();
    }

    @Test
    void theMessageHasTheCountTheExitCodeAndWhatToDo() {
        assertThat(new RestartLoopStatus(12, OptionalInt.of(1), Optional.empty()).message())
                .isEqualTo(
                        "it restarts again and again (12 times so far, the last time after exit"
                                + " code 1): its log shows why (docker logs, or kubectl logs"
                                + " --previous); fix or stop it; it is verified once it has run for 10"
                                + " s");
        RestartLoopStatus runs =
                new RestartLoopStatus(1, OptionalInt.empty(), Optional.of(Duration.ZERO));
        assertThat(runs.message()).contains("(1 time so far)");
        assertThat(
                        runs.withEarlierExitCode(
                                        new RestartLoopStatus(
                                                0, OptionalInt.of(3), Optional.empty()))
                                .message())
                .contains("(1 time so far, the last time after exit code 3)");
    }
}
