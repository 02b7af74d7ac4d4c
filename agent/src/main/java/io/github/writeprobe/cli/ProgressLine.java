package io.github.writeprobe.cli;

import java.io.PrintStream;
import java.time.Duration;

/// Shows progress on one line of a terminal, and clears it at the end. Shows nothing in the first
/// second.
final class ProgressLine {
    private static final Duration INITIAL_DELAY = Duration.ofSeconds(1);
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);

    private final PrintStream err;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private long lastUpdate;
    private boolean shown;

    ProgressLine(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /// @param text has to fit on one line
    synchronized void update(String text) {
        long now = System.nanoTime();
        if (!terminal
                || now - started < INITIAL_DELAY.toNanos()
                || (shown && now - lastUpdate < MIN_INTERVAL.toNanos())) {
            return;
        }
        err.print("\r\u001b[K" + text);
        err.flush();
        shown = true;
        lastUpdate = now;
    }

    /// The progress of an audit.
    void probed(int done, int total) {
        update("probed %d of %d containers".formatted(done, total));
    }

    synchronized void clear() {
        if (shown) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
