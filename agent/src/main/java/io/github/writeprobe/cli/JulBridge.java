package io.github.writeprobe.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/// Forwards warnings of java.util.logging, which the JDK uses, to our log.
final class JulBridge extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    private JulBridge() {}

    static void install() {
        LogManager.getLogManager().reset();
        JulBridge handler = new JulBridge();
        handler.setLevel(Level.WARNING);
        java.util.logging.Logger.getLogger("").addHandler(handler);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            boolean severe = record.getLevel().intValue() >= Level.SEVERE.intValue();
            LoggerFactory.getLogger(String.valueOf(record.getLoggerName()))
                    .atLevel(severe ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
                    .setCause(record.getThrown())
                    .log("{}", formatter.formatMessage(record));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
