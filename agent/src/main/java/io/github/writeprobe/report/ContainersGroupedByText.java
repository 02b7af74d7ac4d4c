package io.github.writeprobe.report;

import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.WrappedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Containers grouped by a text about them, so that equal texts are printed once.
final class ContainersGroupedByText {
    private static final int MAX_NAMES = 10;
    private static final int MAX_NAME_WIDTH = 40;

    private final TerminalStyle style;
    private final Map<String, List<String>> namesByText = new LinkedHashMap<>();

    ContainersGroupedByText(TerminalStyle style) {
        this.style = style;
    }

    /// @param name the container's name, not yet escaped
    /// @param text follows the names; it is escaped, and begins with the separator
    void add(String name, String text) {
        namesByText.computeIfAbsent(text, t -> new ArrayList<>()).add(name);
    }

    /// One paragraph for each text.
    ///
    /// @param max the most paragraphs; of the others, only the number of containers is printed
    String paragraphs(int max) {
        String shown =
                namesByText.entrySet().stream()
                        .limit(max)
                        .map(e -> paragraph(e.getValue(), e.getKey()))
                        .collect(Collectors.joining());
        int left = namesByText.values().stream().skip(max).mapToInt(List::size).sum();
        return left == 0 ? shown : shown + "    " + style.ellipsis() + " and " + left + " more\n";
    }

    private String paragraph(List<String> names, String text) {
        String listed =
                names.stream()
                        .limit(MAX_NAMES)
                        .map(n -> style.clip(n, MAX_NAME_WIDTH))
                        .collect(Collectors.joining(", "));
        int left = names.size() - MAX_NAMES;
        String all = left > 0 ? listed + " and " + left + " more" : listed;
        String wrapped = WrappedText.wrap("    ", "      ", all + text, style.columns());
        String start = "    " + all;
        return (wrapped.startsWith(start)
                        ? "    " + style.bold(all) + wrapped.substring(start.length())
                        : wrapped)
                + "\n";
    }
}
