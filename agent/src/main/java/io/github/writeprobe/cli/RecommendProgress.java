package io.github.writeprobe.cli;

import io.github.writeprobe.agent.Recommend;
import io.github.writeprobe.report.UntrustedText;
import java.time.Duration;

/// How far recommending has come, as a line.
record RecommendProgress(ProgressLine line) implements Recommend.Progress {
    /// So that it fits on a line of a terminal with what is behind it.
    private static final int WIDTH = 58;

    @Override
    public void watching(int containers, Duration elapsed, Duration of, long files, long writes) {
        line.say(
                "watching "
                        + counted(containers, "container")
                        + ": "
                        + clock(elapsed)
                        + " of "
                        + clock(of)
                        + ", "
                        + counted(files, "file")
                        + ", "
                        + counted(writes, "write")
                        + " (Ctrl-C: enough)");
    }

    @Override
    public void proving(int done, int of, String what) {
        String count = of == 1 ? "" : "%d of %d proved, ".formatted(done, of);
        line.say(UntrustedText.clip(count + what, WIDTH) + " (Ctrl-C: no proof)");
    }

    private static String clock(Duration time) {
        return time.toHours() == 0
                ? "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d:%02d:%02d"
                        .formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private static String counted(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
