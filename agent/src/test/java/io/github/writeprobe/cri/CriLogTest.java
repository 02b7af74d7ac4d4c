package io.github.writeprobe.cri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CriLogTest {
    private static final String TIME = "2026-11-30T20:17:09.669794202Z ";

    @Test
    void anEntryIsALine() {
        assertThat(CriLog.lines(TIME + "stdout F one\n" + TIME + "stderr F  two \n"))
                .containsExactly("one", " two ");
        assertThat(CriLog.lines("2026-11-30T21:17:09.6+01:00 stdout F one")).containsExactly("one");
    }

    @Test
    void aPartialEntryGoesOnInTheSameStream() {
        assertThat(
                        CriLog.lines(
                                TIME
                                        + "stdout P on\n"
                                        + TIME
                                        + "stderr F two\n"
                                        + TIME
                                        + "stdout F e\n"))
                .containsExactly("two", "one");
    }

    @Test
    void theLastEntryMayBePartial() {
        assertThat(CriLog.lines(TIME + "stdout P on")).containsExactly("on");
    }

    @Test
    void emptyLinesCount() {
        assertThat(CriLog.lines(TIME + "stdout F \n" + TIME + "stdout F\n"))
                .containsExactly("", "");
    }

    @Test
    void whatIsNoEntryIsLeftOut() {
        assertThat(
                        CriLog.lines(
                                "text\n\n"
                                        + TIME
                                        + "stdin F x\n"
                                        + TIME
                                        + "stdout F y\nstdout F z"))
                .containsExactly("y");
    }
}
