package io.github.writeprobe.cli;

import io.github.writeprobe.agent.RecommendRunner;
import io.github.writeprobe.text.UntrustedText;
import java.time.Duration;

/// The progress of `recommend`, as one line.
record RecommendProgress(ProgressLine line) implements RecommendRunner.Progress {
    /// The text and the hint after it fit on one line of a terminal.
    private static final int WIDTH = 58;

    @Override
    public void reportObservation(
            int containers, Duration elapsed, Duration total, long files, long writes) {
        line.update(
                "watching "
                        + pluralise(containers, "container")
                        + ": "
                        + clock(elapsed)
                        + " of "
                        + clock(total)
                        + ", "
                        + pluralise(files, "file")
                        + ", "
                        + pluralise(writes, "write")
                        + " (Ctrl-C: stop now)");
    }

    @Override
    public void reportProof(int done, int total, String step) {
        String count = total == 1 ? "" : "%d of %d proved, ".formatted(done, total);
        line.update(UntrustedText.clip(count + step, WIDTH) + " (Ctrl-C: stop proof)");
    }

    private static String clock(Duration time) {
        return time.toHours() == 0
                ? "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d:%02d:%02d"
                        .formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private static String pluralise(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
