package io.github.writeprobe.probes.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountTableCacheTest {
    private static final int UNUSUAL = 40_000;

    private static String table(int length) {
        StringBuilder text = new StringBuilder("1 0 0:1 / / ro - overlay o rw\n");
        for (int i = 0; text.length() < length; i++) {
            text.append("30 1 0:30 / /m%d rw - tmpfs t rw\n".formatted(i));
        }
        return text.toString();
    }

    @Test
    void whatIsTheSameIsNotParsedAgain() {
        MountTableCache tables = new MountTableCache(0);
        String text = table(1000);
        assertThat(tables.parse("a", text).orElseThrow())
                .isSameAs(tables.parse("a", text).orElseThrow());
        assertThat(tables.parse("a", table(2000))).isPresent();
    }

    @Test
    void unusualTablesShareWhatThereIsAndUsualOnesNeverPay() {
        MountTableCache tables = new MountTableCache(2 * UNUSUAL + 1000);
        assertThat(tables.parse("a", table(UNUSUAL))).isPresent();
        assertThat(tables.parse("b", table(UNUSUAL))).isPresent();
        assertThat(tables.parse("c", table(UNUSUAL))).isEmpty();
        assertThat(tables.parse("d", table(20_000))).isPresent();
        tables.evict("a");
        assertThat(tables.parse("c", table(UNUSUAL))).as("the table still counts").isEmpty();
        tables.remove("a");
        assertThat(tables.parse("c", table(UNUSUAL))).isPresent();
    }

    @Test
    void tableThatShrinksFreesItsBudget() {
        MountTableCache tables = new MountTableCache(UNUSUAL + 1000);
        assertThat(tables.parse("a", table(UNUSUAL))).isPresent();
        assertThat(tables.parse("a", table(1000))).isPresent();
        assertThat(tables.parse("b", table(UNUSUAL))).isPresent();
    }
}
