package io.github.writeprobe.recommend.format;

import java.util.ArrayList;
import java.util.List;

/// The lines of a section of YAML, each below the comments that are for it. A comment can stand
/// there without a line, where there is only something to say.
final class YamlEntries {
    private final String key;
    private final String indent;
    private final List<String> texts = new ArrayList<>();
    private boolean hasLines;

    /// @param indent of the key; entries stand two further in
    YamlEntries(String key, String indent) {
        this.key = key;
        this.indent = indent;
    }

    /// What entries and their comments are indented by.
    String entryIndent() {
        return indent + "  ";
    }

    void addComment(String comments) {
        texts.add(comments);
    }

    void addLine(String line) {
        texts.add(entryIndent() + line + "\n");
        hasLines = true;
    }

    /// A key with nothing below it would be null, and an error.
    String text() {
        return (hasLines ? indent + key + ":\n" : "") + String.join("", texts);
    }
}
