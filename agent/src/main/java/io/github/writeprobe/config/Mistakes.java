package io.github.writeprobe.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/// Collects the mistakes of one file, so that a reader does not stop at the first one.
final class Mistakes {
    /// A file that is not a configuration at all would otherwise fill the screen.
    private static final int MAX_LISTED = 100;

    private record Mistake(Position position, String text) {}

    private final String file;
    private final List<Mistake> mistakes = new ArrayList<>();
    private int unlisted;

    Mistakes(String file) {
        this.file = QuotedText.escape(file);
    }

    String file() {
        return file;
    }

    void add(Node node, String key, String text) {
        String subject = key.isEmpty() ? text : key + ": " + text;
        add(node.getStartMark().map(Position::of).orElse(Position.START), subject);
    }

    void add(Optional<Mark> mark, String text) {
        add(mark.map(Position::of).orElse(Position.START), text);
    }

    void add(Position position, String text) {
        if (mistakes.size() == MAX_LISTED) {
            unlisted++;
        } else {
            mistakes.add(new Mistake(position, text));
        }
    }

    void throwIfAny() throws ConfigurationException {
        if (mistakes.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        mistakes.stream()
                .sorted(Comparator.comparing(Mistake::position))
                .map(m -> file + ":" + m.position() + ": " + m.text())
                .forEach(lines::add);
        if (unlisted > 0) {
            lines.add(file + ": " + unlisted + " more mistakes are not listed");
        }
        throw new ConfigurationException(lines);
    }
}
