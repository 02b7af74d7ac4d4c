package io.github.writeprobe.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UntrustedDataBudgetTest {
    private final UntrustedDataBudget budget = new UntrustedDataBudget(10, 100);

    @Test
    void smallReservationsAreGrantedWhileALargeOneIsHeld() {
        assertThat(budget.tryAcquire("greedy", 100)).isTrue();
        for (int i = 0; i < 1000; i++) {
            assertThat(budget.tryAcquire("c" + i, 10)).isTrue();
        }
        assertThat(budget.tryAcquire("other", 11)).isFalse();
    }

    @Test
    void releasedMemoryCanBeAcquiredAgain() {
        assertThat(budget.tryAcquire("a", 90)).isTrue();
        assertThat(budget.tryAcquire("a", 100)).isTrue();
        assertThat(budget.tryAcquire("b", 11)).isFalse();
        budget.release("a");
        budget.release("a");
        assertThat(budget.tryAcquire("b", 100)).isTrue();
        assertThat(budget.tryAcquire("b", 101)).isFalse();
        assertThat(budget.tryAcquire("a", 100)).isTrue();
    }

    @Test
    void aLabelOfHundredThousandCharactersIsWithinTheBoundsOfSome() {
        Container labelled =
                Container.builder("a", "web", "e")
                        .image("i")
                        .readonlyRootfs(true)
                        .labels(Map.of("l", "x".repeat(100_000)))
                        .pid(1)
                        .build();
        assertThat(UntrustedDataSizeEstimator.of(labelled)).isBetween(100_000L, 101_000L);
        UntrustedDataBudget declarations = UntrustedDataBudget.forDeclarations();
        int fit = 0;
        while (declarations.tryAcquire("c" + fit, UntrustedDataSizeEstimator.of(labelled))) {
            fit++;
        }
        assertThat(fit).isBetween(100, 200);
        assertThat(
                        declarations.tryAcquire(
                                "web",
                                UntrustedDataSizeEstimator.of(
                                        Container.unreadable("b", "web", "e"))))
                .isTrue();
    }

    @Test
    void aPrintedMountTableCounts() {
        String line =
                "100 90 0:50 / /%d rw,relatime - overlay overlay rw,lowerdir=/l\n".formatted(1);
        ProbeResult result =
                new ProbeResult(
                        WitnessName.EXEC,
                        ProbeIdentity.SERVICE,
                        Instant.EPOCH,
                        Duration.ZERO,
                        MountTable.parse(line.repeat(30_000)),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        KernelFacts.NONE,
                        Optional.empty());
        assertThat(UntrustedDataSizeEstimator.of(List.of(result))).isGreaterThan(4_000_000);
    }
}
