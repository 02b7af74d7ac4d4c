package io.github.writeprobe.config;

import io.github.writeprobe.text.UntrustedText;
import java.util.Collection;
import java.util.List;

/// Untrusted text, made safe for one line on a terminal.
final class QuotedText {
    private static final int MAX_LENGTH = 60;

    private QuotedText() {}

    /// In quotes, escaped, and truncated to a length that leaves room for the remedy.
    static String of(String text) {
        return '"' + truncate(text).replace("\"", "\\\"") + '"';
    }

    /// Escaped and truncated, without quotes.
    static String truncate(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_LENGTH) {
            return escape(text);
        }
        return escape(text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH))) + "…";
    }

    /// Escapes characters that a terminal would interpret or not show.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (UntrustedText.isPrintable(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append(String.format("\\u%04x", c));
                    }
                });
        return escaped.toString();
    }

    /// `a`, `a or b`, `a, b or c`.
    static String list(Collection<String> words) {
        List<String> all = List.copyOf(words);
        if (all.size() < 2) {
            return String.join("", all);
        }
        return String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
    }
}
