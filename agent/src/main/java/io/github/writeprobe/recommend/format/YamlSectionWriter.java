package io.github.writeprobe.recommend.format;

import java.util.ArrayList;
import java.util.List;

/// The entries of a YAML section, each below its comments. A comment can stand without an entry.
final class YamlSectionWriter {
    private final String key;
    private final String indent;
    private final List<String> texts = new ArrayList<>();
    private boolean hasLines;

    /// @param indent of the key; entries are indented by two more
    YamlSectionWriter(String key, String indent) {
        this.key = key;
        this.indent = indent;
    }

    /// The indent of entries and their comments.
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

    /// The key is omitted without entries: its value would be null, which is an error.
    String text() {
        return (hasLines ? indent + key + ":\n" : "") + String.join("", texts);
    }
}
