package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.probes.kernel.Abi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Tasks that hang.
class SyscallTimeoutExecutorTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final SyscallTimeoutExecutor pool =
            new SyscallTimeoutExecutor(Abi.detect().orElseThrow());

    private static String await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "late";
    }

    @Test
    void oneThatHangsIsAbandonedAndTheNextIsAnswered() {
        CountDownLatch never = new CountDownLatch(1);
        assertThat(pool.call(SHORT, k -> await(never))).isEmpty();
        assertThat(pool.call(LONG, k -> "here")).contains("here");
        never.countDown();
    }

    @Test
    void exhaustedPoolRunsNoCallUntilAThreadReturns() {
        CountDownLatch later = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            assertThat(pool.call(SHORT, k -> await(later))).isEmpty();
        }
        List<String> called = new ArrayList<>();
        assertThat(pool.call(SHORT, k -> called.add("fifth"))).isEmpty();
        assertThat(called).isEmpty();
        later.countDown();
        assertThat(pool.call(LONG, k -> "here")).contains("here");
    }

    @Test
    void exceptionReachesTheCaller() {
        assertThatThrownBy(() ->
                        pool.call(
                                LONG,
                                k -> {
                                    throw new UnsupportedOperationException("no");
                                }))
                .hasRootCauseMessage("no");
    }
}
