package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.probes.kernel.Abi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Questions that hang.
class KernelThreadPoolTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final KernelThreadPool kernels = new KernelThreadPool(Abi.here().orElseThrow());

    private static String await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "late";
    }

    @Test
    void oneThatHangsIsGivenUpAndTheNextIsAnswered() {
        CountDownLatch never = new CountDownLatch(1);
        assertThat(kernels.within(SHORT, k -> await(never))).isEmpty();
        assertThat(kernels.within(LONG, k -> "here")).contains("here");
        never.countDown();
    }

    @Test
    void whereManyHangNobodyIsAskedUntilOneComesBack() {
        CountDownLatch later = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            assertThat(kernels.within(SHORT, k -> await(later))).isEmpty();
        }
        List<String> asked = new ArrayList<>();
        assertThat(kernels.within(SHORT, k -> asked.add("fifth"))).isEmpty();
        assertThat(asked).isEmpty();
        later.countDown();
        assertThat(kernels.within(LONG, k -> "here")).contains("here");
    }

    @Test
    void whatGoesWrongIsTheCallers() {
        assertThatThrownBy(() ->
                        kernels.within(
                                LONG,
                                k -> {
                                    throw new UnsupportedOperationException("no");
                                }))
                .hasRootCauseMessage("no");
    }
}
