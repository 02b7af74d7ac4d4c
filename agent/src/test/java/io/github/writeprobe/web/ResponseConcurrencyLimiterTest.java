package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Limits on documents that are being sent.
class ResponseConcurrencyLimiterTest {
    private static final int LENGTH = 100_000;

    private final AtomicInteger drops = new AtomicInteger();
    private final ResponseConcurrencyLimiter limiter =
            new ResponseConcurrencyLimiter(drops::incrementAndGet, 2 * LENGTH + 10_000);

    private static WebResponse large() {
        return WebResponse.text(200, "x".repeat(LENGTH));
    }

    @Test
    void documentsBeingSentCountTowardsTheSizeLimit() throws Exception {
        try (ResponseConcurrencyLimiter.Permit first = limiter.acquire().orElseThrow();
                ResponseConcurrencyLimiter.Permit second = limiter.acquire().orElseThrow()) {
            assertThat(limiter.render(ResponseConcurrencyLimiterTest::large, first)).isPresent();
            assertThat(limiter.render(ResponseConcurrencyLimiterTest::large, second)).isPresent();
            assertThat(drops).hasValue(0);
            try (ResponseConcurrencyLimiter.Permit third = limiter.acquire().orElseThrow()) {
                assertThat(limiter.render(ResponseConcurrencyLimiterTest::large, third)).isEmpty();
            }
            assertThat(drops.get()).isPositive();
        }
        try (ResponseConcurrencyLimiter.Permit later = limiter.acquire().orElseThrow()) {
            assertThat(limiter.render(ResponseConcurrencyLimiterTest::large, later)).isPresent();
        }
    }

    @Test
    void documentLargerThanTheLimitIsRenderedAlone() throws Exception {
        ResponseConcurrencyLimiter small = new ResponseConcurrencyLimiter(() -> {}, 1);
        try (ResponseConcurrencyLimiter.Permit permit = small.acquire().orElseThrow()) {
            assertThat(small.render(ResponseConcurrencyLimiterTest::large, permit)).isPresent();
        }
    }
}
