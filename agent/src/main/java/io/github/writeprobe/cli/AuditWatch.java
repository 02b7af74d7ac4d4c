package io.github.writeprobe.cli;

import io.github.writeprobe.agent.AuditMonitor;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.cycle.Selection;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.TableFormat;
import io.github.writeprobe.report.TerminalStyle;
import io.github.writeprobe.report.UntrustedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `audit --watch`: the table of an audit, kept up to date on a terminal until Ctrl-C.
final class AuditWatch {
    private static final long LOOK_MILLIS = 100;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Terminal terminal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Optional<Frame> shown = Optional.empty();

    /// What a frame shows; another one need not be made while this is the same.
    private record Frame(Report report, Optional<WindowSize> window, String second) {
        @SuppressWarnings(
                "ReferenceEquality") // the watch hands the same one out until it is outdated
        boolean same(Frame other) {
            return report == other.report
                    && window.equals(other.window)
                    && second.equals(other.second);
        }
    }

    AuditWatch(Terminal terminal) {
        this.terminal = terminal;
    }

    /// @param first shown until more is known
    /// @return what was known last
    Report run(Configuration configuration, Selection selection, Report first)
            throws UserError, InterruptedException {
        PrintStream err = System.err;
        ByteArrayOutputStream meanwhile = new ByteArrayOutputStream();
        Charset charset = System.out.charset();
        try (AuditMonitor watch = AuditMonitor.start(configuration, System.getenv(), selection);
                InterruptHandler _ = InterruptHandler.of(this::end);
                LiveScreen screen = new LiveScreen(Output.standard(charset))) {
            // What is said now would stand in the middle of the table.
            System.setErr(new PrintStream(meanwhile, true, err.charset()));
            LogSetup.verdictsAreShown();
            Report now = first;
            while (true) {
                now = watch.report().orElse(now);
                show(screen, now);
                if (ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return now;
                }
            }
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.text(e.line()));
        } catch (IOException e) {
            throw Output.lost(e);
        } finally {
            System.setErr(err);
            err.print(meanwhile.toString(err.charset()));
        }
    }

    private boolean end() {
        boolean first = ended.getCount() > 0;
        ended.countDown();
        return first;
    }

    private void show(LiveScreen screen, Report report) throws IOException {
        Optional<WindowSize> window = WindowSize.now();
        String second = SECOND.format(LocalTime.now(ZoneId.systemDefault()));
        Frame frame = new Frame(report, window, second);
        if (shown.filter(frame::same).isPresent()) {
            return;
        }
        shown = Optional.of(frame);
        TerminalStyle style =
                window.map(w -> terminal.style(System.out, w.columns()))
                        .orElseGet(() -> terminal.style(System.out));
        StringWriter text = new StringWriter();
        new TableFormat(style).write(report, text);
        List<String> lines = new ArrayList<>();
        lines.add(style.faint("writeprobe audit --watch   %s   Ctrl-C ends it".formatted(second)));
        lines.add("");
        int rows = window.map(WindowSize::rows).orElse(Integer.MAX_VALUE) - lines.size();
        lines.addAll(fitting(text.toString().lines().toList(), Math.max(1, rows), style));
        screen.draw(lines, window);
    }

    /// As many lines as there is room for, and in any case those of the sum, which come last.
    static List<String> fitting(List<String> lines, int rows, TerminalStyle style) {
        if (lines.size() <= rows) {
            return lines;
        }
        List<String> sum = lines.subList(lines.lastIndexOf("") + 1, lines.size());
        int room = rows - sum.size() - 1;
        if (room < 0) {
            return lines.subList(lines.size() - rows, lines.size());
        }
        List<String> fitting = new ArrayList<>(lines.subList(0, room));
        int hidden = lines.size() - sum.size() - room;
        fitting.add(
                style.faint("  and %d more lines, which writeprobe audit shows".formatted(hidden)));
        fitting.addAll(sum);
        return fitting;
    }
}
