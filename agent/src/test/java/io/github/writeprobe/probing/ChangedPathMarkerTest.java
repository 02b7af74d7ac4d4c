package io.github.writeprobe.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecution;
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

/// Which results from inside a container are still compared with the kernel's.
class ChangedPathMarkerTest {
    private static final Write WRITABLE = new Write.Writable();
    private static final Write EROFS = new Write.Refused(Errno.EROFS, false, "");
    private static final Write CHANGED = new Write.Inconclusive(Cause.CHANGED, "");

    private static List<ProbeResult> results(WitnessName witness, Map<String, Write> writes) {
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
                                                new FileExecution.Untested("")))
                                .toList(),
                        Optional.empty(),
                        List.of()));
    }

    private static List<ProbeResult> kernel(Map<String, Write> writes) {
        return results(WitnessName.PROCFS, writes);
    }

    private static Write writeAt(List<ProbeResult> results, String path) {
        return results.getFirst().observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow()
                .write();
    }

    @Test
    void unchangedResultsAreKept() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/", WRITABLE, "/tmp", WRITABLE));
        assertThat(
                        ChangedPathMarker.markChanged(
                                exec, kernel(Map.of("/", EROFS)), kernel(Map.of("/", EROFS))))
                .isEqualTo(exec);
    }

    @Test
    void onlyChangedPathsBecomeInconclusive() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/", WRITABLE, "/tmp", WRITABLE));
        List<ProbeResult> stable =
                ChangedPathMarker.markChanged(
                        exec,
                        kernel(Map.of("/", WRITABLE, "/tmp", WRITABLE)),
                        kernel(Map.of("/", EROFS, "/tmp", WRITABLE)));
        assertThat(writeAt(stable, "/")).isEqualTo(CHANGED);
        assertThat(writeAt(stable, "/tmp")).isEqualTo(WRITABLE);
    }

    @Test
    void whenMountsChangedResultsWithoutAMatchFromTheKernelBecomeInconclusive() {
        List<ProbeResult> exec =
                results(WitnessName.EXEC, Map.of("/home", WRITABLE, "/tmp", WRITABLE));
        List<ProbeResult> kernel = kernel(Map.of("/home", EROFS, "/tmp", WRITABLE));
        assertThat(ChangedPathMarker.markChanged(exec, kernel, kernel, true)).isEqualTo(exec);
        List<ProbeResult> stable = ChangedPathMarker.markChanged(exec, kernel, kernel, false);
        assertThat(writeAt(stable, "/home")).isEqualTo(CHANGED);
        assertThat(writeAt(stable, "/tmp")).isEqualTo(WRITABLE);
        assertThat(ChangedPathMarker.markChanged(exec, kernel, kernel(Map.of()), false))
                .isEqualTo(exec);
    }

    @Test
    void anotherErrnoIsAChangeAndAnotherDetailIsNot() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/d", WRITABLE));
        Write full = new Write.Refused(Errno.ENOSPC, true, "one");
        Write otherDetail = new Write.Refused(Errno.ENOSPC, true, "another");
        assertThat(
                        ChangedPathMarker.markChanged(
                                exec,
                                kernel(Map.of("/d", full)),
                                kernel(Map.of("/d", otherDetail))))
                .isEqualTo(exec);
        assertThat(
                        writeAt(
                                ChangedPathMarker.markChanged(
                                        exec,
                                        kernel(Map.of("/d", full)),
                                        kernel(Map.of("/d", EROFS))),
                                "/d"))
                .isEqualTo(CHANGED);
    }

    @Test
    void withoutKernelResultsNothingCountsAsChanged() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/", WRITABLE));
        List<ProbeResult> silent = kernel(Map.of());
        assertThat(ChangedPathMarker.markChanged(exec, List.of(), List.of())).isEqualTo(exec);
        assertThat(ChangedPathMarker.markChanged(exec, kernel(Map.of("/", EROFS)), silent))
                .isEqualTo(exec);
    }

    @Test
    void keptResultsAreComparedWithLaterKernelResults() {
        Witnesses.WitnessResults first =
                new Witnesses.WitnessResults(
                        results(WitnessName.EXEC, Map.of("/", WRITABLE)),
                        kernel(Map.of("/", WRITABLE)));
        Witnesses.WitnessResults later = first.withKernel(kernel(Map.of("/", EROFS)));
        assertThat(writeAt(later.inContainer(), "/")).isEqualTo(CHANGED);
        assertThat(writeAt(later.kernel(), "/")).isEqualTo(EROFS);
        // The result does not come back when the path is as it was.
        assertThat(writeAt(later.withKernel(kernel(Map.of("/", WRITABLE))).inContainer(), "/"))
                .isEqualTo(CHANGED);
    }
}
