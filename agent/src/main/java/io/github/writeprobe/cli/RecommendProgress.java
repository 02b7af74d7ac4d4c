package io.github.writeprobe.cli;

import io.github.writeprobe.agent.Recommend;
import io.github.writeprobe.report.UntrustedText;
import java.time.Duration;

/// How far recommending has come, as a line.
record RecommendProgress(ProgressLine line) implements Recommend.Progress {
    /// So that it fits on a line of a terminal with what is behind it.
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
                        + " (Ctrl-C: enough)");
    }

    @Override
    public void reportProof(int done, int total, String step) {
        String count = total == 1 ? "" : "%d of %d proved, ".formatted(done, total);
        line.update(UntrustedText.clip(count + step, WIDTH) + " (Ctrl-C: no proof)");
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
