package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How much is on its way at once.
class DocumentLimiterTest {
    private static final int LENGTH = 100_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final DocumentLimiter turns =
            new DocumentLimiter(asked::incrementAndGet, 2 * LENGTH + 10_000);

    private static WebResponse large() {
        return WebResponse.text(200, "x".repeat(LENGTH));
    }

    @Test
    void whatIsOnItsWayIsWeighed() throws Exception {
        try (DocumentLimiter.Place first = turns.place().orElseThrow();
                DocumentLimiter.Place second = turns.place().orElseThrow()) {
            assertThat(turns.make(DocumentLimiterTest::large, first)).isPresent();
            assertThat(turns.make(DocumentLimiterTest::large, second)).isPresent();
            assertThat(asked).hasValue(0);
            try (DocumentLimiter.Place third = turns.place().orElseThrow()) {
                assertThat(turns.make(DocumentLimiterTest::large, third)).isEmpty();
            }
            assertThat(asked.get()).isPositive();
        }
        try (DocumentLimiter.Place later = turns.place().orElseThrow()) {
            assertThat(turns.make(DocumentLimiterTest::large, later)).isPresent();
        }
    }

    @Test
    void whatIsLargerThanAllTheRoomGoesAlone() throws Exception {
        DocumentLimiter small = new DocumentLimiter(() -> {}, 1);
        try (DocumentLimiter.Place place = small.place().orElseThrow()) {
            assertThat(small.make(DocumentLimiterTest::large, place)).isPresent();
        }
    }
}
