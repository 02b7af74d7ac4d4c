package io.github.writeprobe.config;

import java.util.Comparator;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// A position in a file, as editors count: from 1, in code points.
record Position(int line, int column) implements Comparable<Position> {
    static final Position START = new Position(1, 1);

    private static final Comparator<Position> BY_LINE_AND_COLUMN =
            Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

    static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// The position directly after a text.
    static Position endOf(String text) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int start = text.lastIndexOf('\n') + 1;
        return new Position(line, 1 + text.codePointCount(start, text.length()));
    }

    @Override
    public int compareTo(Position other) {
        return BY_LINE_AND_COLUMN.compare(this, other);
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
