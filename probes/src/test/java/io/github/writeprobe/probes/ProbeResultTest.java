package io.github.writeprobe.probes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeResultTest {
    private static final Instant AT = Instant.parse("2026-11-29T12:00:00Z");
    private static final MountTable KERNEL_TABLE =
            MountTable.parse("1 0 0:1 / / ro - overlay o rw\n2 1 0:2 / /tmp rw - tmpfs t rw");
    private static final MountTable EXEC_TABLE = MountTable.parse("1 0 0:1 / / ro - overlay o rw");

    private static ProbeResult result(WitnessName witness, MountTable mounts, KernelFacts facts) {
        return new ProbeResult(
                witness,
                ProbeIdentity.SERVICE,
                AT,
                Duration.ZERO,
                mounts,
                List.of(),
                Optional.empty(),
                List.of(),
                facts,
                Optional.empty());
    }

    private static ProbeResult failed(WitnessName witness) {
        return ProbeResult.failed(
                witness,
                ProbeIdentity.SERVICE,
                AT,
                Duration.ZERO,
                new WriteResult.Inconclusive(InconclusiveCause.TIMED_OUT, ""));
    }

    @Test
    void theKernelsMountTableCountsBeforeWhatAContainerPrinted() {
        ProbeResult exec = result(WitnessName.EXEC, EXEC_TABLE, KernelFacts.NONE);
        ProbeResult kernel = result(WitnessName.PROCFS, KERNEL_TABLE, KernelFacts.NONE);
        assertThat(ProbeResult.mountsOf(List.of(exec, kernel))).isEqualTo(KERNEL_TABLE);
        assertThat(ProbeResult.mountsOf(List.of(exec, failed(WitnessName.PROCFS))))
                .isEqualTo(EXEC_TABLE);
        assertThat(ProbeResult.mountsOf(List.of(failed(WitnessName.EXEC))))
                .isEqualTo(MountTable.EMPTY);
    }

    @Test
    void factsAreTheKernelsAndOnlyOfOneThatCouldBeAsked() {
        KernelFacts facts = KernelFacts.NONE.withConfinement("docker-default");
        ProbeResult kernel = result(WitnessName.PROCFS, KERNEL_TABLE, facts);
        ProbeResult exec =
                result(WitnessName.EXEC, EXEC_TABLE, KernelFacts.NONE.withConfinement("x"));
        assertThat(ProbeResult.factsOf(List.of(exec, kernel))).isEqualTo(facts);
        assertThat(ProbeResult.factsOf(List.of(exec, failed(WitnessName.PROCFS))))
                .isEqualTo(KernelFacts.NONE);
    }
}
