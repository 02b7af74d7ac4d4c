package io.github.writeprobe.config;

import java.util.Collection;
import java.util.List;

/// Texts of strangers, made fit for one line on a terminal.
final class Quoted {
    private static final int MAX_LENGTH = 60;

    private Quoted() {}

    /// In quotes, escaped and cut to a length that leaves room for the remedy.
    static String of(String text) {
        return '"' + truncate(text).replace("\"", "\\\"") + '"';
    }

    /// Without quotes, but escaped and cut all the same.
    static String truncate(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_LENGTH) {
            return escape(text);
        }
        return escape(text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH))) + "…";
    }

    /// Writes out what a terminal would act upon or not show.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (isPrintable(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append(String.format("\\u%04x", c));
                    }
                });
        return escaped.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    // carries the marks that turn the direction of text
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    /// `a`, `a and b`, `a, b and c`.
    static String list(Collection<String> words) {
        List<String> all = List.copyOf(words);
        if (all.size() < 2) {
            return String.join("", all);
        }
        return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
    }
}
