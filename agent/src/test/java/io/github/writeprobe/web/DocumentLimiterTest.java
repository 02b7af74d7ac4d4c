package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Limits on documents that are being sent.
class DocumentLimiterTest {
    private static final int LENGTH = 100_000;

    private final AtomicInteger drops = new AtomicInteger();
    private final DocumentLimiter limiter =
            new DocumentLimiter(drops::incrementAndGet, 2 * LENGTH + 10_000);

    private static WebResponse large() {
        return WebResponse.text(200, "x".repeat(LENGTH));
    }

    @Test
    void documentsBeingSentCountTowardsTheSizeLimit() throws Exception {
        try (DocumentLimiter.Permit first = limiter.acquire().orElseThrow();
                DocumentLimiter.Permit second = limiter.acquire().orElseThrow()) {
            assertThat(limiter.render(DocumentLimiterTest::large, first)).isPresent();
            assertThat(limiter.render(DocumentLimiterTest::large, second)).isPresent();
            assertThat(drops).hasValue(0);
            try (DocumentLimiter.Permit third = limiter.acquire().orElseThrow()) {
                assertThat(limiter.render(DocumentLimiterTest::large, third)).isEmpty();
            }
            assertThat(drops.get()).isPositive();
        }
        try (DocumentLimiter.Permit later = limiter.acquire().orElseThrow()) {
            assertThat(limiter.render(DocumentLimiterTest::large, later)).isPresent();
        }
    }

    @Test
    void documentLargerThanTheLimitIsRenderedAlone() throws Exception {
        DocumentLimiter small = new DocumentLimiter(() -> {}, 1);
        try (DocumentLimiter.Permit permit = small.acquire().orElseThrow()) {
            assertThat(small.render(DocumentLimiterTest::large, permit)).isPresent();
        }
    }
}
