package io.github.writeprobe.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/// One line for people: time, level, message, `key=value`. A stack trace follows, indented, so that
/// none of its lines looks like another event. Evidence is omitted: it would take ten lines of a
/// terminal for each container, and `explain` shows it in a readable form.
final class TextLogFormatter implements LogFormatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private static final String EVIDENCE = "evidence";

    private final TerminalStyle style;
    private final ZoneId zone;

    TextLogFormatter(TerminalStyle style, ZoneId zone) {
        this.style = style;
        this.zone = zone;
    }

    @Override
    public String format(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), line);
        line.append(' ').append(level(event.getLevel())).append(' ');
        line.append(UntrustedText.escape(LogEventTruncator.message(event)));
        String separator = "  ";
        for (KeyValuePair pair : LogEventTruncator.pairs(event)) {
            if (pair.key.equals(EVIDENCE)) {
                continue;
            }
            line.append(separator)
                    .append(style.faint(UntrustedText.escape(pair.key) + "="))
                    .append(quoted(LogEventTruncator.plainText(pair.value)));
            separator = " ";
        }
        line.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            LogEventTruncator.stack(thrown)
                    .lines()
                    .forEach(l ->
                            line.append("    ")
                                    .append(UntrustedText.escape(l.strip()))
                                    .append('\n'));
        }
        return line.toString();
    }

    private String level(Level level) {
        String label = String.format(Locale.ROOT, "%-5s", level);
        return switch (level.toInt()) {
            case Level.ERROR_INT -> style.red(label);
            case Level.WARN_INT -> style.yellow(label);
            case Level.INFO_INT -> label;
            default -> style.faint(label);
        };
    }

    /// The value as it is if it is one plain word, and in quotation marks otherwise.
    private static String quoted(String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
        String plain = UntrustedText.escape(escaped);
        boolean plainWord =
                !value.isEmpty()
                        && plain.equals(value)
                        && value.indexOf(' ') < 0
                        && value.indexOf('=') < 0;
        return plainWord ? value : '"' + plain + '"';
    }
}
