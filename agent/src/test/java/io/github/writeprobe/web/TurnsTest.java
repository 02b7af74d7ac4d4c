package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How much is on its way at once.
class TurnsTest {
    private static final int LENGTH = 100_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final Turns turns = new Turns(asked::incrementAndGet, 2 * LENGTH + 10_000);

    private static Answer large() {
        return Answer.text(200, "x".repeat(LENGTH));
    }

    @Test
    void whatIsOnItsWayIsWeighed() throws Exception {
        try (Turns.Place first = turns.place().orElseThrow();
                Turns.Place second = turns.place().orElseThrow()) {
            assertThat(turns.make(TurnsTest::large, first)).isPresent();
            assertThat(turns.make(TurnsTest::large, second)).isPresent();
            assertThat(asked).hasValue(0);
            try (Turns.Place third = turns.place().orElseThrow()) {
                assertThat(turns.make(TurnsTest::large, third)).isEmpty();
            }
            assertThat(asked.get()).isPositive();
        }
        try (Turns.Place later = turns.place().orElseThrow()) {
            assertThat(turns.make(TurnsTest::large, later)).isPresent();
        }
    }

    @Test
    void whatIsLargerThanAllTheRoomGoesAlone() throws Exception {
        Turns small = new Turns(() -> {}, 1);
        try (Turns.Place place = small.place().orElseThrow()) {
            assertThat(small.make(TurnsTest::large, place)).isPresent();
        }
    }
}
