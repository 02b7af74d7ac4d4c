package io.github.writeprobe.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What of a container's word can still be held against the kernel's.
class StableResultsTest {
    private static final Write WRITABLE = new Write.Writable();
    private static final Write EROFS = new Write.Refused(Errno.EROFS, false, "");
    private static final Write CHANGED = new Write.Inconclusive(Cause.CHANGED, "");

    private static List<ProbeResult> said(WitnessName witness, Map<String, Write> writes) {
        return List.of(
                new ProbeResult(
                        witness,
                        Identity.SERVICE,
                        Instant.EPOCH,
                        Duration.ZERO,
                        MountTable.EMPTY,
                        writes.entrySet().stream()
                                .map(e ->
                                        new Observation(
                                                witness,
                                                Identity.SERVICE,
                                                OptionalInt.of(0),
                                                e.getKey(),
                                                e.getKey(),
                                                e.getValue(),
                                                new ExecutionOutcome.Untested("")))
                                .toList(),
                        Optional.empty(),
                        List.of()));
    }

    private static List<ProbeResult> kernel(Map<String, Write> writes) {
        return said(WitnessName.PROCFS, writes);
    }

    private static Write of(List<ProbeResult> testimonies, String path) {
        return testimonies.getFirst().observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow()
                .write();
    }

    @Test
    void whatHeldStillStands() {
        List<ProbeResult> exec = said(WitnessName.EXEC, Map.of("/", WRITABLE, "/tmp", WRITABLE));
        assertThat(
                        StableResults.through(
                                exec, kernel(Map.of("/", EROFS)), kernel(Map.of("/", EROFS))))
                .isEqualTo(exec);
    }

    @Test
    void whatChangedIsInDoubtAndNothingElse() {
        List<ProbeResult> exec = said(WitnessName.EXEC, Map.of("/", WRITABLE, "/tmp", WRITABLE));
        List<ProbeResult> steady =
                StableResults.through(
                        exec,
                        kernel(Map.of("/", WRITABLE, "/tmp", WRITABLE)),
                        kernel(Map.of("/", EROFS, "/tmp", WRITABLE)));
        assertThat(of(steady, "/")).isEqualTo(CHANGED);
        assertThat(of(steady, "/tmp")).isEqualTo(WRITABLE);
    }

    @Test
    void whereMountsCameAndWentWhatTheKernelDoesNotSayIsInDoubt() {
        List<ProbeResult> exec =
                said(WitnessName.EXEC, Map.of("/home", WRITABLE, "/tmp", WRITABLE));
        List<ProbeResult> kernel = kernel(Map.of("/home", EROFS, "/tmp", WRITABLE));
        assertThat(StableResults.through(exec, kernel, kernel, true)).isEqualTo(exec);
        List<ProbeResult> steady = StableResults.through(exec, kernel, kernel, false);
        assertThat(of(steady, "/home")).isEqualTo(CHANGED);
        assertThat(of(steady, "/tmp")).isEqualTo(WRITABLE);
        assertThat(StableResults.through(exec, kernel, kernel(Map.of()), false)).isEqualTo(exec);
    }

    @Test
    void anotherReasonForARefusalIsAChangeAndOtherWordsAreNone() {
        List<ProbeResult> exec = said(WitnessName.EXEC, Map.of("/d", WRITABLE));
        Write full = new Write.Refused(Errno.ENOSPC, true, "one");
        Write otherWords = new Write.Refused(Errno.ENOSPC, true, "another");
        assertThat(
                        StableResults.through(
                                exec, kernel(Map.of("/d", full)), kernel(Map.of("/d", otherWords))))
                .isEqualTo(exec);
        assertThat(
                        of(
                                StableResults.through(
                                        exec,
                                        kernel(Map.of("/d", full)),
                                        kernel(Map.of("/d", EROFS))),
                                "/d"))
                .isEqualTo(CHANGED);
    }

    @Test
    void whereTheKernelWasNotHeardNothingIsKnownToHaveChanged() {
        List<ProbeResult> exec = said(WitnessName.EXEC, Map.of("/", WRITABLE));
        List<ProbeResult> silent = kernel(Map.of());
        assertThat(StableResults.through(exec, List.of(), List.of())).isEqualTo(exec);
        assertThat(StableResults.through(exec, kernel(Map.of("/", EROFS)), silent)).isEqualTo(exec);
    }

    @Test
    void whatIsKeptIsHeldAgainstWhatTheKernelSaysLater() {
        Witnesses.Heard heard =
                new Witnesses.Heard(
                        said(WitnessName.EXEC, Map.of("/", WRITABLE)),
                        kernel(Map.of("/", WRITABLE)));
        Witnesses.Heard later = heard.now(kernel(Map.of("/", EROFS)));
        assertThat(of(later.sworn(), "/")).isEqualTo(CHANGED);
        assertThat(of(later.kernel(), "/")).isEqualTo(EROFS);
        // And does not come back when it is as it was.
        assertThat(of(later.now(kernel(Map.of("/", WRITABLE))).sworn(), "/")).isEqualTo(CHANGED);
    }
}
