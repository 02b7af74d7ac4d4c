package io.github.writeprobe.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrappedTextTest {
    @Test
    void linesBreakBetweenWordsAndEachHasItsIndent() {
        assertThat(WrappedText.wrap("- ", "  ", "one two three four", 12))
                .isEqualTo("- one two\n  three four");
    }

    @Test
    void aLineMayBeFull() {
        assertThat(WrappedText.wrap("", "", "12345 7890 next", 10)).isEqualTo("12345 7890\nnext");
    }

    @Test
    void aWordThatIsTooLongIsBroken() {
        assertThat(WrappedText.wrap("", "", "a " + "b".repeat(23) + " c", 10))
                .isEqualTo("a\nbbbbbbbbbb\nbbbbbbbbbb\nbbb c");
    }

    @Test
    void wideCharactersCountTwice() {
        assertThat(WrappedText.wrap("", "", "名前 名前 名前", 10)).isEqualTo("名前 名前\n名前");
        assertThat(WrappedText.wrap("", "", "名前名前名前", 11)).isEqualTo("名前名前名\n前");
    }

    @Test
    void aCharacterIsNotBrokenAndKeepsItsMarks() {
        assertThat(WrappedText.wrap("", "", "🐳".repeat(6), 10)).isEqualTo("🐳".repeat(5) + "\n🐳");
        assertThat(WrappedText.wrap("", "", "e\u0301".repeat(11), 10))
                .isEqualTo("e\u0301".repeat(10) + "\ne\u0301");
    }
}
