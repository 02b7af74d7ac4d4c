package io.github.writeprobe.probes.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExecWitnessTest {
    private final List<List<String>> commands = new ArrayList<>();
    private final List<Optional<String>> users = new ArrayList<>();

    /// A witness of a container whose output `answer` creates from the tag.
    private ExecWitness witness(Function<String, ExecOutcome> answer) {
        return new ExecWitness(
                (container, command, user, timeout, maxBytes) -> {
                    commands.add(command);
                    users.add(user);
                    return answer.apply(new Nonce(Integer.parseInt(command.get(4))).tag() + " ");
                },
                Duration.ofSeconds(1),
                true);
    }

    private static ExecOutcome printed(String... lines) {
        return new ExecOutcome.Finished(String.join("\r\n", lines) + "\r\n");
    }

    private static ExecOutcome readOnlyRoot(String t) {
        return printed(
                t + "START",
                t + "UID 1000",
                t + "PATH 0",
                "/",
                t + "LEADS 0",
                "/",
                t + "DIR 0",
                "writeprobe: 9: cannot create /x: Read-only file system",
                t + "FAILED 0",
                t + "END");
    }

    @Test
    void theCommandLineIsRecognisable() throws InterruptedException {
        witness(ExecWitnessTest::readOnlyRoot)
                .probe("id", ProbeIdentity.SERVICE, List.of("/", "/tmp"));
        assertThat(commands.getFirst()).startsWith("sh", "-c").endsWith("/", "/tmp");
        assertThat(commands.getFirst().get(2))
                .startsWith("EXECUTE=1\n")
                .doesNotContainPattern("(?m)^ *#");
        assertThat(commands.getFirst().get(3)).isEqualTo("writeprobe");
        assertThat(commands.getFirst().get(4)).matches("[1-9][0-9]{8}");
    }

    @Test
    void theServiceIsTheContainersOwnUserAndRootIsUidZero() throws InterruptedException {
        ExecWitness witness = witness(ExecWitnessTest::readOnlyRoot);
        witness.probe("id", ProbeIdentity.SERVICE, List.of("/"));
        witness.probe("id", ProbeIdentity.ROOT, List.of("/"));
        assertThat(users).containsExactly(Optional.empty(), Optional.of("0:0"));
    }

    @Test
    void pathsThatAreNotAbsoluteAreNotTriedAndRepeatedOnesOnce() throws InterruptedException {
        witness(ExecWitnessTest::readOnlyRoot)
                .probe("id", ProbeIdentity.SERVICE, List.of("/", "-rf", "x", "/"));
        assertThat(commands.getFirst()).hasSize(6).endsWith("/");
    }

    @Test
    void parsedOutputBecomesObservations() throws InterruptedException {
        ProbeResult result =
                witness(ExecWitnessTest::readOnlyRoot)
                        .probe("id", ProbeIdentity.SERVICE, List.of("/"));
        assertThat(result.trouble()).isEmpty();
        PathObservation root = result.observations().getFirst();
        assertThat(root.uid()).hasValue(1000);
        assertThat(root.write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EROFS));
    }

    @Test
    void aPathWithoutRecordsIsInconclusive() throws InterruptedException {
        ProbeResult result =
                witness(ExecWitnessTest::readOnlyRoot)
                        .probe("id", ProbeIdentity.SERVICE, List.of("/", "/tmp"));
        assertThat(result.observations())
                .filteredOn(o -> o.path().equals("/tmp"))
                .singleElement()
                .extracting(PathObservation::write)
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.NOT_PROBED, ""));
    }

    @Test
    void withoutRmEveryPathIsInconclusiveAndTheWitnessIsInTrouble() throws InterruptedException {
        ProbeResult result =
                witness(t -> printed(t + "START", t + "NORM", t + "END"))
                        .probe("id", ProbeIdentity.SERVICE, List.of("/", "/tmp"));
        assertThat(result.trouble())
                .map(WriteResult.Inconclusive::cause)
                .contains(InconclusiveCause.NO_RM);
        assertThat(result.observations())
                .extracting(PathObservation::write)
                .containsOnly(new WriteResult.Inconclusive(InconclusiveCause.NO_RM, ""));
    }

    @Test
    void whatTheEngineCouldNotRunIsTroubleWithItsCause() throws InterruptedException {
        ProbeResult result =
                witness(t -> new ExecOutcome.Failed(InconclusiveCause.TIMED_OUT, "5 s"))
                        .probe("id", ProbeIdentity.SERVICE, List.of("/"));
        assertThat(result.trouble())
                .contains(new WriteResult.Inconclusive(InconclusiveCause.TIMED_OUT, "5 s"));
        assertThat(result.observations()).isEmpty();
    }

    @Test
    void aFileThatCouldNotBeRemovedIsReported() throws InterruptedException {
        ProbeResult result =
                witness(t ->
                                printed(
                                        t + "START",
                                        t + "PATH 0",
                                        "/a",
                                        t + "LEADS 0",
                                        "/b",
                                        t + "DIR 0",
                                        t + "MADE 0",
                                        t + "WROTE 0",
                                        t + "LEFT 0",
                                        t + "END"))
                        .probe("id", ProbeIdentity.SERVICE, List.of("/a"));
        assertThat(result.leftovers()).containsExactly("/b");
    }
}
