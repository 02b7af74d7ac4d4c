package io.github.writeprobe.probes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The CPU time of an observer.
class CpuBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aBurstIsTakenAtOnce() {
        CpuBudget budget = new CpuBudget(0);
        budget.spend(SECOND / 4, SECOND / 4);
        assertThat(budget.pauseNanos()).isZero();
        budget.spend(SECOND / 4, SECOND / 2);
        assertThat(budget.pauseNanos()).isPositive();
    }

    @Test
    void continuousUseTakesATwentieth() {
        CpuBudget budget = new CpuBudget(0);
        long now = 0;
        long taken = 0;
        while (now < 1000 * SECOND) {
            long work = 20_000_000;
            now += work;
            taken += work;
            budget.spend(work, now);
            now += budget.pauseNanos();
        }
        assertThat(taken).isBetween(50 * SECOND, 51 * SECOND);
    }

    @Test
    void aPauseIsNeverLongForWhatIsInTheQueueKeepsFilesInUse() {
        CpuBudget budget = new CpuBudget(0);
        budget.spend(100 * SECOND, 100 * SECOND);
        assertThat(budget.pauseNanos()).isEqualTo(SECOND);
    }
}
