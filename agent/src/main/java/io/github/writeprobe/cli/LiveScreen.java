package io.github.writeprobe.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// A terminal's alternate screen. Only changed lines are redrawn, and closing it restores the main
/// screen.
final class LiveScreen implements AutoCloseable {
    private static final String ALTERNATE_SCREEN = "\u001b[?1049h";
    private static final String MAIN_SCREEN = "\u001b[?1049l";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String DISABLE_LINE_WRAP = "\u001b[?7l";
    private static final String ENABLE_LINE_WRAP = "\u001b[?7h";

    /// Terminals that support it show a frame only when it is complete; others ignore it.
    private static final String BEGIN_SYNCHRONIZED_UPDATE = "\u001b[?2026h";

    private static final String END_SYNCHRONIZED_UPDATE = "\u001b[?2026l";
    private static final String CLEAR = "\u001b[2J";

    private final Writer out;
    private List<String> drawnLines = List.of();
    private Optional<TerminalSize> size = Optional.empty();

    /// @param out is not closed
    LiveScreen(Writer out) throws IOException {
        this.out = out;
        out.write(ALTERNATE_SCREEN + HIDE_CURSOR + DISABLE_LINE_WRAP);
        out.flush();
    }

    /// @param lines at most as many as the terminal has rows
    /// @param newSize the size of the terminal, if known
    void draw(List<String> lines, Optional<TerminalSize> newSize) throws IOException {
        StringBuilder frame = new StringBuilder();
        if (!newSize.equals(size)) {
            frame.append(CLEAR);
            drawnLines = List.of();
            size = newSize;
        }
        for (int i = 0; i < Math.max(lines.size(), drawnLines.size()); i++) {
            String line = i < lines.size() ? lines.get(i) : "";
            if (i >= drawnLines.size() || !line.equals(drawnLines.get(i))) {
                frame.append("\u001b[%d;1H\u001b[2K".formatted(i + 1)).append(line);
            }
        }
        drawnLines = List.copyOf(lines);
        if (!frame.isEmpty()) {
            out.write(BEGIN_SYNCHRONIZED_UPDATE + frame + END_SYNCHRONIZED_UPDATE);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        out.write(ENABLE_LINE_WRAP + SHOW_CURSOR + MAIN_SCREEN);
        out.flush();
    }
}
