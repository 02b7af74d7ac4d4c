package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcStatTest {
    private static final String REST =
            " S 41 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 3604768 9";

    /// A process names itself.
    @ParameterizedTest
    @ValueSource(strings = {"mount", "a b", ") S 1 1 1", "(x", "a\nb", ""})
    void theNameMayBeAnything(String name) {
        assertThat(ProcStat.parse("7 (" + name + ")" + REST))
                .contains(new ProcStat(7, name, 41, 3604768));
    }

    @Test
    void anythingElseIsNoStat() {
        assertThat(ProcStat.parse("")).isEmpty();
        assertThat(ProcStat.parse("7 (a) S 1 2")).isEmpty();
        assertThat(ProcStat.parse("x (a)" + REST)).isEmpty();
    }
}
