package io.github.writeprobe.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// The values of a log event, as text of limited length: untrusted text must not fill the disk, and
/// Docker and journald split lines of more than 16 and 48 KiB.
final class LogEventTruncator {
    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_STACK_LENGTH = 8_000;
    private static final int MAX_STACK_MESSAGE_LENGTH = 500;
    private static final int MAX_FRAMES = 15;

    private LogEventTruncator() {}

    static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? List.of() : pairs;
    }

    static String message(ILoggingEvent event) {
        return truncate(String.valueOf(event.getFormattedMessage()), MAX_LENGTH);
    }

    static String text(@Nullable Object value) {
        try {
            return truncate(String.valueOf(value), MAX_LENGTH);
        } catch (RuntimeException e) {
            return "(" + e.getClass().getName() + " from toString)";
        }
    }

    /// A list without its brackets; anything else as [#text].
    static String plainText(@Nullable Object value) {
        return value instanceof Collection<?> values
                ? truncate(
                        values.stream()
                                .map(LogEventTruncator::text)
                                .collect(Collectors.joining(", ")),
                        MAX_LENGTH)
                : text(value);
    }

    /// The stack trace with only the first frames of each exception: the cause, which comes last,
    /// matters more than the callers.
    static String stack(IThrowableProxy thrown) {
        StringBuilder stack = new StringBuilder();
        stack("", thrown, stack);
        return truncate(stack.toString(), MAX_STACK_LENGTH);
    }

    private static void stack(String prefix, IThrowableProxy thrown, StringBuilder stack) {
        stack.append(prefix).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            stack.append(": ").append(truncate(thrown.getMessage(), MAX_STACK_MESSAGE_LENGTH));
        }
        stack.append('\n');
        if (thrown.isCyclic() || stack.length() > MAX_STACK_LENGTH) {
            return;
        }
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int shown = Math.min(MAX_FRAMES, frames.length - thrown.getCommonFrames());
        for (int i = 0; i < shown; i++) {
            stack.append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        if (shown < frames.length) {
            stack.append("\t... ").append(frames.length - shown).append(" more\n");
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            stack("Suppressed: ", suppressed, stack);
        }
        if (thrown.getCause() != null) {
            stack("Caused by: ", thrown.getCause(), stack);
        }
    }

    private static String truncate(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
    }
}
