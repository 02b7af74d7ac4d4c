package io.github.writeprobe.probes.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.exec.ExecOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SidecarWitnessTest {
    private final List<List<String>> commands = new ArrayList<>();

    /// A witness with a helper whose output `answer` creates from the tag.
    private SidecarWitness witness(Function<String, String> answer) {
        return new SidecarWitness(
                (image, container, command, timeout, maxBytes) -> {
                    assertThat(image).isEqualTo("busybox:1");
                    commands.add(command);
                    long nonce = Long.parseLong(command.get(command.indexOf("writeprobe") + 1));
                    return new ExecOutcome.Finished(answer.apply(nonce * 2 + 1 + " "));
                },
                "busybox:1",
                Duration.ofMillis(1500),
                true);
    }

    private static String readOnlyRoot(String t) {
        return String.join(
                "\n",
                t + "START",
                t + "UID 1000",
                t + "PATH 0",
                "/",
                t + "LEADS 0",
                "/",
                t + "DIR 0",
                "sh: can't create /x: Read-only file system",
                t + "FAILED 0",
                t + "END",
                "");
    }

    private ProbeResult probe(String output) throws InterruptedException {
        return witness(t -> output).probe("id", ProbeIdentity.SERVICE, List.of("/"));
    }

    @Test
    void theHelperGetsTheIdentityAndRunsTheScriptOfExecWithinALimit() throws Exception {
        SidecarWitness witness = witness(SidecarWitnessTest::readOnlyRoot);
        witness.probe("id", ProbeIdentity.SERVICE, List.of("/", "/tmp"));
        witness.probe("id", ProbeIdentity.ROOT, List.of("/"));
        List<String> command = commands.getFirst();
        assertThat(command.subList(0, 3)).containsExactly("busybox", "sh", "-c");
        assertThat(command.get(3)).doesNotContainPattern("(?m)^ *#");
        assertThat(command.subList(4, 6)).containsExactly("helper", "service");
        assertThat(command.get(6))
                .startsWith("EXECUTE=1\nMOUNTINFO=/proc/1/mountinfo\nLIMIT='-t 1'\n");
        assertThat(command).endsWith("/", "/tmp");
        assertThat(commands.getLast().get(5)).isEqualTo("root");
    }

    @Test
    void whatTheScriptPrintsIsTheSidecarsResult() throws Exception {
        ProbeResult t =
                witness(SidecarWitnessTest::readOnlyRoot)
                        .probe("id", ProbeIdentity.SERVICE, List.of("/"));
        assertThat(t.witness()).isEqualTo(WitnessName.SIDECAR);
        assertThat(t.identity()).isEqualTo(ProbeIdentity.SERVICE);
        assertThat(t.trouble()).isEmpty();
        assertThat(t.observations().getFirst().uid()).hasValue(1000);
        assertThat(t.observations().getFirst().write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EROFS));
    }

    @Test
    void aBusyboxWithoutItsAppletsIsReported() throws Exception {
        ProbeResult t =
                probe("helper: chroot: can't execute 'nsenter': No such file or directory\n");
        assertThat(t.trouble().orElseThrow().cause()).isEqualTo(InconclusiveCause.EXEC_FAILED);
        assertThat(t.trouble().orElseThrow().detail())
                .contains("probe.sidecar-image", "busybox-static", "can't execute 'nsenter'");
    }

    @Test
    void aContainerThatCannotBeEnteredIsOutOfReach() throws Exception {
        for (String helperOutput :
                List.of(
                        "helper: chroot: can't change root directory to '/proc/1/root': Permission denied\n",
                        "helper: it cannot read /proc/1/status\n")) {
            assertThat(probe(helperOutput).trouble().orElseThrow().cause())
                    .isEqualTo(InconclusiveCause.UNREACHABLE);
        }
    }

    @Test
    void anyOtherHelperOutputIsMalformed() throws Exception {
        assertThat(probe("").trouble().orElseThrow().cause())
                .isEqualTo(InconclusiveCause.MALFORMED);
        assertThat(probe("hello\n").trouble().orElseThrow().cause())
                .isEqualTo(InconclusiveCause.MALFORMED);
    }
}
