package io.github.writeprobe.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntrustedTextTest {
    @ParameterizedTest
    @CsvSource({
        "000a, \\n",
        "000d, \\r",
        "0009, \\t",
        "0000, \\x00",
        "001b, \\x1b",
        "007f, \\x7f",
        "009b, \\x9b",
        "00a0, \\xa0",
        "00ad, \\xad",
        "200b, \\u200b",
        "200d, \\u200d",
        "2028, \\u2028",
        "202e, \\u202e",
        "2066, \\u2066",
        "2800, \\u2800",
        "3164, \\u3164",
        "d800, \\ud800",
        "e000, \\ue000",
        "fe0f, \\ufe0f",
        "feff, \\ufeff",
        "ffff, \\uffff",
        "e0001, \\u{e0001}",
    })
    void invisibleCharactersAreEscaped(String codePoint, String escape) {
        String untrusted = Character.toString(Integer.parseInt(codePoint, 16));
        assertThat(UntrustedText.escape("a" + untrusted + "b")).isEqualTo("a" + escape + "b");
    }

    @ParameterizedTest
    @CsvSource({
        "web-1",
        "/var/lib/öl",
        "名前",
        "cafe\u0301",
        "שלום",
        "🐳",
        "C:\\n",
        "<b> | `x` \"y\""
    })
    void visibleCharactersAreUnchanged(String untrusted) {
        assertThat(UntrustedText.escape(untrusted)).isEqualTo(untrusted);
    }

    @Test
    void plainTextStaysAsItIs() {
        String plain = UntrustedText.escape("\u001b[2J\nweb\u202e\\x00" + '\ud800');
        assertThat(UntrustedText.escape(plain)).isEqualTo(plain);
    }

    @Test
    void aMarkWithoutALetterCannotChangeWhatStandsBefore() {
        assertThat(UntrustedText.escape("\u0338web")).isEqualTo("\\u0338web");
    }

    @Test
    void aTowerOfMarksIsSpelledOut() {
        assertThat(UntrustedText.escape("e" + "\u0301".repeat(5)))
                .startsWith("e\u0301\u0301\u0301\\u0301");
    }

    @ParameterizedTest
    @CsvSource({"web, 3", "öl, 2", "cafe\u0301, 4", "名前, 4", "🐳, 2", "한글, 4", "ｆｕｌｌ, 8", "'', 0"})
    void widthIsThatOfATerminal(String plain, int columns) {
        assertThat(UntrustedText.width(plain)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({
        "web, 3, web",
        "web-1, 3, we…",
        "名前です, 8, 名前です",
        "名前です, 7, 名前で…",
        "名前です, 6, 名前…",
        "cafe\u0301s, 5, cafe\u0301s",
        "cafe\u0301s, 4, caf…",
        "web, 1, …",
        "'', 1, ''",
    })
    void clippingCountsColumns(String text, int columns, String clipped) {
        assertThat(UntrustedText.clip(text, columns)).isEqualTo(clipped);
        assertThat(UntrustedText.width(clipped)).isLessThanOrEqualTo(columns);
    }

    @Test
    void clippingMakesPlain() {
        assertThat(UntrustedText.clip("a\nbc", 4)).isEqualTo("a\\n…");
    }

    @Test
    void nothingFitsInNoColumn() {
        assertThatThrownBy(() -> UntrustedText.clip("web", 0)).hasMessage("columns: 0");
    }

    @Test
    void wellFormedTextHasNoHalfCharacters() {
        assertThat(UntrustedText.wellFormed("a" + '\udc00' + "🐳" + '\ud83d' + "\u001b"))
                .isEqualTo("a\ufffd🐳\ufffd\u001b");
    }
}
