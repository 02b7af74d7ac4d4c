package io.github.writeprobe.report;

import java.util.Locale;

/// Strangers' text made plain: what can be seen is kept, what cannot is spelled out.
///
/// Names, images, labels, paths and error texts come from containers and may be written to deceive:
/// escape sequences that repaint a terminal, newlines that forge a line of the report,
/// bidirectional marks that turn a name around. Plain text is one line of visible characters and
/// spaces.
///
/// A backslash stays as it is. So the escapes are for eyes and cannot be undone: a file that is
/// really called `a\nb`, with a backslash, looks like one with a newline in its name. In return,
/// plain text is left alone when it is made plain again. JSON carries the exact text.
public final class UntrustedText {
    private static final String ELLIPSIS = "…";

    /// Some scripts put three marks on a letter. More only serve to paint over the lines above.
    private static final int MAX_COMBINING_MARKS = 3;

    private UntrustedText() {}

    /// The text on one line, with an escape for everything that cannot be seen: `\n`, `\x1b`, or a
    /// code point in hexadecimal digits after a `u`, in braces where it has more than four.
    public static String escape(String untrusted) {
        StringBuilder out = new StringBuilder(untrusted.length());
        int marks = MAX_COMBINING_MARKS;
        for (int i = 0; i < untrusted.length(); ) {
            int c = untrusted.codePointAt(i);
            i += Character.charCount(c);
            boolean mark = isCombining(c);
            if (mark ? marks < MAX_COMBINING_MARKS && !isInvisible(c) : !isInvisible(c)) {
                out.appendCodePoint(c);
                marks = mark ? marks + 1 : 0;
            } else {
                appendEscaped(c, out);
                marks = 0;
            }
        }
        return out.toString();
    }

    /// The text made plain and, if it is wider than that, cut and ended with an ellipsis.
    ///
    /// @param columns of a terminal, at least one
    public static String clip(String untrusted, int columns) {
        return clip(untrusted, columns, ELLIPSIS);
    }

    /// @param columns of a terminal, at least as many as the ellipsis takes
    static String clip(String untrusted, int columns, String ellipsis) {
        int room = columns - width(ellipsis);
        if (room < 0) {
            throw new IllegalArgumentException("columns: " + columns);
        }
        String text = escape(untrusted);
        int width = 0;
        int end = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            width += width(c);
            if (width > columns) {
                return text.substring(0, end) + ellipsis;
            }
            if (width <= room) {
                end = i;
            }
        }
        return text;
    }

    /// How many columns of a terminal a plain text takes: two for a wide East Asian character or an
    /// emoji, none for a mark on a letter.
    public static int width(String plain) {
        return plain.codePoints().map(UntrustedText::width).sum();
    }

    /// The text with every half of a character replaced by U+FFFD, and otherwise exactly as it is:
    /// strict readers refuse a whole document for a lone surrogate.
    public static String wellFormed(String untrusted) {
        StringBuilder out = new StringBuilder(untrusted.length());
        untrusted
                .codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static int width(int c) {
        if (isCombining(c)) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    private static boolean isCombining(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            case Character.SPACE_SEPARATOR -> c != ' ';
            default -> isIgnorable(c);
        };
    }

    /// Letters and marks that Unicode calls ignorable (Default_Ignorable_Code_Point), and the
    /// braille pattern without a dot: their type says that they show, and they do not.
    private static boolean isIgnorable(int c) {
        return c == 0x034f
                || c == 0x115f
                || c == 0x1160
                || c == 0x17b4
                || c == 0x17b5
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0100 && c <= 0xe01ef);
    }

    /// The blocks of wide characters in Unicode's EastAsianWidth, roughly; where a block is mixed,
    /// all of it counts as wide.
    private static boolean isWide(int c) {
        return Character.isEmojiPresentation(c)
                || (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f)
                || (c >= 0xa960 && c <= 0xa97f)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe10 && c <= 0xfe19)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff01 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x16fe0 && c <= 0x1b2ff)
                || (c >= 0x20000 && c <= 0x3fffd);
    }

    private static void appendEscaped(int c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                String form = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\u{%x}";
                out.append(String.format(Locale.ROOT, form, c));
            }
        }
    }
}
