package io.github.writeprobe.text;

import java.util.ArrayList;
import java.util.List;

/// Breaks text into lines between words.
public final class WrappedText {
    private static final int MIN_WIDTH = 10;

    private WrappedText() {}

    /// The text in lines of at most `columns` columns of a terminal. Each line begins with
    /// `indent`, and the first with `first` instead, which has to be as wide. A word that is too
    /// long for a line is broken. Colour codes have no width.
    public static String wrap(String first, String indent, String text, int columns) {
        int room = Math.max(MIN_WIDTH, columns - UntrustedText.width(indent));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int taken = 0;
        for (String word : text.split(" ", -1)) {
            String rest = word;
            int width = TerminalStyle.width(rest);
            if (taken > 0 && taken + 1 + width > room) {
                lines.add(line.toString());
                line.setLength(0);
                taken = 0;
            }
            while (width > room) {
                int end = fittingEnd(rest, room);
                lines.add(rest.substring(0, end));
                rest = rest.substring(end);
                width = TerminalStyle.width(rest);
            }
            taken += (taken == 0 ? 0 : 1) + width;
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return first + String.join("\n" + indent, lines);
    }

    /// The end of the longest prefix that is not wider than `columns`. A combining mark stays with
    /// its letter.
    private static int fittingEnd(String text, int columns) {
        int end = 0;
        int width = 0;
        while (end < text.length()) {
            String character = Character.toString(text.codePointAt(end));
            width += UntrustedText.width(character);
            if (width > columns) {
                return end;
            }
            end += character.length();
        }
        return end;
    }
}
