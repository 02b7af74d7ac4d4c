package io.github.writeprobe.cli;

import io.github.writeprobe.agent.WatchModeAudit;
import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.TableFormat;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
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
    private static final long REFRESH_MILLIS = 100;
    private static final DateTimeFormatter TIME_FORMAT =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final CommandContext context;
    private final Terminal terminal;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Optional<Frame> lastFrame = Optional.empty();

    /// The content of a frame. A frame is drawn only if its content has changed.
    private record Frame(Report report, Optional<TerminalSize> window, String time) {
        @SuppressWarnings(
                "ReferenceEquality") // the monitor returns the same object until it changes
        boolean isSameAs(Frame other) {
            return report == other.report && window.equals(other.window) && time.equals(other.time);
        }
    }

    AuditWatch(CommandContext context) {
        this.context = context;
        this.terminal = context.terminal();
    }

    /// @param first the report that is shown first
    /// @return the last report
    Report run(Configuration configuration, AuditContainerCriteria selection, Report first)
            throws UserError, InterruptedException {
        PrintStream err = System.err;
        ByteArrayOutputStream bufferedErr = new ByteArrayOutputStream();
        Charset charset = context.out().charset();
        try (WatchModeAudit monitor =
                        WatchModeAudit.start(configuration, context.environment(), selection);
                InterruptHandler _ = InterruptHandler.install(this::stop);
                LiveScreen screen = new LiveScreen(OutputTarget.standardOutput(context, charset))) {
            // Messages on standard error would appear inside the table.
            System.setErr(new PrintStream(bufferedErr, true, err.charset()));
            DefaultLogConfigurator.disableVerdictLog();
            Report current = first;
            while (true) {
                current = monitor.report().orElse(current);
                draw(screen, current);
                if (stopped.await(REFRESH_MILLIS, TimeUnit.MILLISECONDS)) {
                    return current;
                }
            }
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.escape(e.line()));
        } catch (IOException e) {
            throw OutputTarget.stdoutError(e);
        } finally {
            System.setErr(err);
            err.print(bufferedErr.toString(err.charset()));
        }
    }

    private boolean stop() {
        boolean firstCall = stopped.getCount() > 0;
        stopped.countDown();
        return firstCall;
    }

    private void draw(LiveScreen screen, Report report) throws IOException {
        Optional<TerminalSize> window = TerminalSize.current();
        String time = TIME_FORMAT.format(LocalTime.now(ZoneId.systemDefault()));
        Frame frame = new Frame(report, window, time);
        if (lastFrame.filter(frame::isSameAs).isPresent()) {
            return;
        }
        lastFrame = Optional.of(frame);
        TerminalStyle style =
                window.map(w -> terminal.style(context.out(), w.columns()))
                        .orElseGet(() -> terminal.style(context.out()));
        StringWriter text = new StringWriter();
        new TableFormat(style).write(report, text);
        List<String> lines = new ArrayList<>();
        lines.add(style.faint("writeprobe audit --watch   %s   Ctrl-C to stop".formatted(time)));
        lines.add("");
        int rows = window.map(TerminalSize::rows).orElse(Integer.MAX_VALUE) - lines.size();
        lines.addAll(fitToRows(text.toString().lines().toList(), Math.max(1, rows), style));
        screen.draw(lines, window);
    }

    /// As many lines as fit, and always those of the summary, which come last.
    static List<String> fitToRows(List<String> lines, int rows, TerminalStyle style) {
        if (lines.size() <= rows) {
            return lines;
        }
        List<String> summary = lines.subList(lines.lastIndexOf("") + 1, lines.size());
        int available = rows - summary.size() - 1;
        if (available < 0) {
            return lines.subList(lines.size() - rows, lines.size());
        }
        List<String> fitted = new ArrayList<>(lines.subList(0, available));
        int hidden = lines.size() - summary.size() - available;
        fitted.add(
                style.faint("  and %d more lines; writeprobe audit shows all".formatted(hidden)));
        fitted.addAll(summary);
        return fitted;
    }
}
