package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.VerdictChange;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictChangeHistoryTest {
    private final VerdictChangeHistory history = new VerdictChangeHistory();

    private void add(String container, String sentence, List<String> findings) {
        history.add(
                new VerdictChange(
                        Instant.EPOCH,
                        container,
                        "0",
                        "e",
                        "new",
                        "compliant",
                        sentence,
                        findings));
    }

    @Test
    void theNewestIsFirst() {
        add("a", "", List.of());
        add("b", "", List.of());

        assertThat(history.changes())
                .extracting(VerdictChange::container)
                .containsExactly("b", "a");
    }

    @Test
    void theOldestMakesRoomAndIsStillCounted() {
        for (int i = 0; i <= VerdictChangeHistory.MOST; i++) {
            add("c" + i, "", List.of());
        }

        assertThat(history.changes()).hasSize(VerdictChangeHistory.MOST);
        assertThat(history.changes().getLast().container()).isEqualTo("c1");
        assertThat(history.changeCount()).isEqualTo(VerdictChangeHistory.MOST + 1);
    }

    @Test
    void longTextsAreCut() {
        String text = "x".repeat(100_000);
        add(text, text, Collections.nCopies(100_000, text));

        VerdictChange change = history.changes().getFirst();
        assertThat(change.container()).hasSizeLessThan(500);
        assertThat(change.message()).hasSizeLessThan(500);
        assertThat(change.findings()).hasSizeLessThan(50).allMatch(f -> f.length() < 500);
    }
}
