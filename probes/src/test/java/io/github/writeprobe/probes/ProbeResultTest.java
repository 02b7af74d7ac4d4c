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
    private static final MountTable SHOWN =
            MountTable.parse("1 0 0:1 / / ro - overlay o rw\n2 1 0:2 / /tmp rw - tmpfs t rw");
    private static final MountTable PRINTED = MountTable.parse("1 0 0:1 / / ro - overlay o rw");

    private static ProbeResult by(WitnessName witness, MountTable mounts, KernelFacts facts) {
        return new ProbeResult(
                witness,
                Identity.SERVICE,
                AT,
                Duration.ZERO,
                mounts,
                List.of(),
                Optional.empty(),
                List.of(),
                facts);
    }

    private static ProbeResult silent(WitnessName witness) {
        return ProbeResult.none(
                witness,
                Identity.SERVICE,
                AT,
                Duration.ZERO,
                new Write.Inconclusive(Cause.TIMED_OUT, ""));
    }

    @Test
    void theKernelsMountTableCountsBeforeWhatAContainerPrinted() {
        ProbeResult exec = by(WitnessName.EXEC, PRINTED, KernelFacts.NONE);
        ProbeResult kernel = by(WitnessName.PROCFS, SHOWN, KernelFacts.NONE);
        assertThat(ProbeResult.mountsOf(List.of(exec, kernel))).isEqualTo(SHOWN);
        assertThat(ProbeResult.mountsOf(List.of(exec, silent(WitnessName.PROCFS))))
                .isEqualTo(PRINTED);
        assertThat(ProbeResult.mountsOf(List.of(silent(WitnessName.EXEC))))
                .isEqualTo(MountTable.EMPTY);
    }

    @Test
    void factsAreTheKernelsAndOnlyOfOneThatCouldBeAsked() {
        KernelFacts facts = KernelFacts.NONE.confinedAs("docker-default");
        ProbeResult kernel = by(WitnessName.PROCFS, SHOWN, facts);
        ProbeResult exec = by(WitnessName.EXEC, PRINTED, KernelFacts.NONE.confinedAs("x"));
        assertThat(ProbeResult.factsOf(List.of(exec, kernel))).isEqualTo(facts);
        assertThat(ProbeResult.factsOf(List.of(exec, silent(WitnessName.PROCFS))))
                .isEqualTo(KernelFacts.NONE);
    }
}
