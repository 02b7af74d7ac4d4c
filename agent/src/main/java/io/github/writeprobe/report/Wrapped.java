package io.github.writeprobe.report;

import java.util.ArrayList;
import java.util.List;

/// Breaks text into lines between words.
final class Wrapped {
    private Wrapped() {}

    /// The text in lines of at most `columns`, each after `indent`; the first after `first`
    /// instead, which has to be as wide. A word that is too long for a line is broken.
    static String lines(String first, String indent, String text, int columns) {
        int room = Math.max(10, columns - indent.length());
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && line.length() + 1 + rest.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (rest.length() > room) {
                lines.add(rest.substring(0, room));
                rest = rest.substring(room);
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return first + String.join("\n" + indent, lines);
    }
}
