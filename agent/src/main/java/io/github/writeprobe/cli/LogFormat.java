package io.github.writeprobe.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;

/// How an event of the log is written down.
@FunctionalInterface
interface LogFormat {
    /// With the end of the line.
    String format(ILoggingEvent event);
}
