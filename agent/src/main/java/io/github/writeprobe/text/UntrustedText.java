package io.github.writeprobe.text;

import java.util.Locale;

/// Escapes untrusted text. Visible characters stay as they are, and all others are escaped. The
/// result is called plain text: one line of visible characters and spaces.
///
/// Names, images, labels, paths and error texts come from containers, and an attacker may have
/// chosen them: escape sequences can overwrite a terminal, newlines can forge a line of the report,
/// and bidirectional marks can reverse a name.
///
/// A backslash is not escaped. So the result is for people and cannot be decoded: a file whose name
/// is `a\nb`, with a backslash, looks like one with a newline in its name. On the other hand,
/// escaping a text twice gives the same result as escaping it once. JSON has the exact text.
public final class UntrustedText {
    private static final String ELLIPSIS = "…";

    /// Some scripts put three marks on a letter. More marks are used only to draw over other lines.
    private static final int MAX_COMBINING_MARKS = 3;

    private UntrustedText() {}

    /// The text on one line, with an escape for every invisible character: `\n`, `\x1b`, or `u` and
    /// the hexadecimal digits of the code point, in braces if they are more than four.
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

    /// The escaped text. If it is wider than `columns`, it is truncated and ends with an ellipsis.
    ///
    /// @param columns a width on a terminal, at least one
    public static String clip(String untrusted, int columns) {
        return clip(untrusted, columns, ELLIPSIS);
    }

    /// @param columns a width on a terminal, at least that of the ellipsis
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

    /// The width of a plain text in columns of a terminal: two for a wide East Asian character or
    /// an emoji, none for a combining mark.
    public static int width(String plain) {
        return plain.codePoints().map(UntrustedText::width).sum();
    }

    /// The text with every unpaired surrogate replaced by U+FFFD, and otherwise unchanged: strict
    /// readers reject a whole document because of one unpaired surrogate.
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

    /// Whether it is neither a control nor a formatting character, such as those that change the
    /// direction of text, nor unassigned.
    public static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
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

    /// Letters and marks that are invisible although their type says that they are visible: those
    /// with the property Default_Ignorable_Code_Point, and the braille pattern without dots.
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

    /// The blocks with wide characters in Unicode's EastAsianWidth, approximately: a mixed block
    /// counts as wide.
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
