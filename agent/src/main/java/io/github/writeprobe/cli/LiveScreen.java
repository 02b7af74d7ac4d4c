package io.github.writeprobe.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// A terminal's second screen, of which only the lines are drawn that are others than before, and
/// which gives way at the end to what stood there first.
final class LiveScreen implements AutoCloseable {
    private static final String SECOND_SCREEN = "\u001b[?1049h";
    private static final String FIRST_SCREEN = "\u001b[?1049l";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CUT_LINES = "\u001b[?7l";
    private static final String WRAP_LINES = "\u001b[?7h";

    /// Terminals that know of it show a frame when it is whole; others pass over it.
    private static final String FRAME = "\u001b[?2026h";

    private static final String FRAME_END = "\u001b[?2026l";
    private static final String CLEAR = "\u001b[2J";

    private final Writer out;
    private List<String> drawn = List.of();
    private Optional<WindowSize> size = Optional.empty();

    /// @param out stays open
    LiveScreen(Writer out) throws IOException {
        this.out = out;
        out.write(SECOND_SCREEN + HIDE_CURSOR + CUT_LINES);
        out.flush();
    }

    /// @param lines no more than the terminal has rows
    /// @param now how large the terminal is, if it says so
    void draw(List<String> lines, Optional<WindowSize> now) throws IOException {
        StringBuilder frame = new StringBuilder();
        if (!now.equals(size)) {
            frame.append(CLEAR);
            drawn = List.of();
            size = now;
        }
        for (int i = 0; i < Math.max(lines.size(), drawn.size()); i++) {
            String line = i < lines.size() ? lines.get(i) : "";
            if (i >= drawn.size() || !line.equals(drawn.get(i))) {
                frame.append("\u001b[%d;1H\u001b[2K".formatted(i + 1)).append(line);
            }
        }
        drawn = List.copyOf(lines);
        if (!frame.isEmpty()) {
            out.write(FRAME + frame + FRAME_END);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        out.write(WRAP_LINES + SHOW_CURSOR + FIRST_SCREEN);
        out.flush();
    }
}
