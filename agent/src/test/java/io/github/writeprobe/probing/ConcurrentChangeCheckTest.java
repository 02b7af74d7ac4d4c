package io.github.writeprobe.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Which results from inside a container are still compared with the kernel's.
class ConcurrentChangeCheckTest {
    private static final WriteResult WRITABLE = new WriteResult.Writable();
    private static final WriteResult EROFS = new WriteResult.Refused(Errno.EROFS, false, "");
    private static final WriteResult CHANGED =
            new WriteResult.Inconclusive(InconclusiveCause.CHANGED, "");

    private static List<ProbeResult> results(WitnessName witness, Map<String, WriteResult> writes) {
        return List.of(
                new ProbeResult(
                        witness,
                        ProbeIdentity.SERVICE,
                        Instant.EPOCH,
                        Duration.ZERO,
                        MountTable.EMPTY,
                        writes.entrySet().stream()
                                .map(e ->
                                        new PathObservation(
                                                witness,
                                                ProbeIdentity.SERVICE,
                                                OptionalInt.of(0),
                                                e.getKey(),
                                                e.getKey(),
                                                e.getValue(),
                                                new FileExecutionResult.Untested("")))
                                .toList(),
                        Optional.empty(),
                        List.of(),
                        KernelFacts.NONE,
                        Optional.empty()));
    }

    private static List<ProbeResult> kernel(Map<String, WriteResult> writes) {
        return results(WitnessName.PROCFS, writes);
    }

    private static WriteResult writeAt(List<ProbeResult> results, String path) {
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
                        ConcurrentChangeCheck.markChanged(
                                exec, kernel(Map.of("/", EROFS)), kernel(Map.of("/", EROFS))))
                .isEqualTo(exec);
    }

    @Test
    void onlyChangedPathsBecomeInconclusive() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/", WRITABLE, "/tmp", WRITABLE));
        List<ProbeResult> stable =
                ConcurrentChangeCheck.markChanged(
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
        assertThat(ConcurrentChangeCheck.markChanged(exec, kernel, kernel, true)).isEqualTo(exec);
        List<ProbeResult> stable = ConcurrentChangeCheck.markChanged(exec, kernel, kernel, false);
        assertThat(writeAt(stable, "/home")).isEqualTo(CHANGED);
        assertThat(writeAt(stable, "/tmp")).isEqualTo(WRITABLE);
        assertThat(ConcurrentChangeCheck.markChanged(exec, kernel, kernel(Map.of()), false))
                .isEqualTo(exec);
    }

    @Test
    void anotherErrnoIsAChangeAndAnotherDetailIsNot() {
        List<ProbeResult> exec = results(WitnessName.EXEC, Map.of("/d", WRITABLE));
        WriteResult full = new WriteResult.Refused(Errno.ENOSPC, true, "one");
        WriteResult otherDetail = new WriteResult.Refused(Errno.ENOSPC, true, "another");
        assertThat(
                        ConcurrentChangeCheck.markChanged(
                                exec,
                                kernel(Map.of("/d", full)),
                                kernel(Map.of("/d", otherDetail))))
                .isEqualTo(exec);
        assertThat(
                        writeAt(
                                ConcurrentChangeCheck.markChanged(
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
        assertThat(ConcurrentChangeCheck.markChanged(exec, List.of(), List.of())).isEqualTo(exec);
        assertThat(ConcurrentChangeCheck.markChanged(exec, kernel(Map.of("/", EROFS)), silent))
                .isEqualTo(exec);
    }

    @Test
    void keptResultsAreComparedWithLaterKernelResults() {
        WitnessRunner.WitnessResults first =
                new WitnessRunner.WitnessResults(
                        results(WitnessName.EXEC, Map.of("/", WRITABLE)),
                        kernel(Map.of("/", WRITABLE)));
        WitnessRunner.WitnessResults later = first.withKernel(kernel(Map.of("/", EROFS)));
        assertThat(writeAt(later.inContainer(), "/")).isEqualTo(CHANGED);
        assertThat(writeAt(later.kernel(), "/")).isEqualTo(EROFS);
        // The result does not come back when the path is as it was.
        assertThat(writeAt(later.withKernel(kernel(Map.of("/", WRITABLE))).inContainer(), "/"))
                .isEqualTo(CHANGED);
    }
}
