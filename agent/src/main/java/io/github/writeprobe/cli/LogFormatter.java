package io.github.writeprobe.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;

/// Formats log events.
@FunctionalInterface
interface LogFormatter {
    /// The event as text, with a final line break.
    String format(ILoggingEvent event);
}
