package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/// The log of a daemon, on standard error.
///
/// Libraries are heard from WARN on, whatever the level of our own loggers. All threads may log at
/// any time without waiting; see [LogQueue].
final class AgentLog {
    /// From which level on our own loggers are heard.
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// For eyes, or for machines.
    enum Format {
        TEXT,
        JSON;

        /// What suits those who read standard error.
        static Format defaultFor(Terminal terminal) {
            return terminal.errIsTerminal() ? TEXT : JSON;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String ROOT_PACKAGE = "io.github.writeprobe";
    private static final Duration FLUSH_TIMEOUT = Duration.ofMillis(500);

    private final LogQueue queue;

    private AgentLog(LogQueue queue) {
        this.queue = queue;
    }

    /// Takes the place of what [LogSetup] has set up, until the JVM ends. To be called once.
    static AgentLog start(Level level, Format format, Terminal terminal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        FileOutputStream err = new FileOutputStream(FileDescriptor.err);
        LogQueue queue =
                switch (format) {
                    case TEXT ->
                            new LogQueue(
                                    err,
                                    new LogText(
                                            terminal.errStyle(System.err), ZoneId.systemDefault()),
                                    System.err.charset());
                    case JSON -> new LogQueue(err, new LogJson(), US_ASCII);
                };
        queue.setContext(context);
        queue.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue);
        setLevels(context, level);
        JulBridge.install();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) ->
                context.getLogger(ROOT_PACKAGE)
                        .atError()
                        .setCause(e)
                        .addKeyValue("thread", thread.getName())
                        .log("a thread ended that should not have"));
        AgentLog log = new AgentLog(queue);
        Runtime.getRuntime().addShutdownHook(new Thread(log::flush, "last lines of the log"));
        return log;
    }

    private static void setLevels(LoggerContext context, Level level) {
        ch.qos.logback.classic.Level own = ch.qos.logback.classic.Level.valueOf(level.name());
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(
                        level == Level.ERROR
                                ? ch.qos.logback.classic.Level.ERROR
                                : ch.qos.logback.classic.Level.WARN);
        context.getLogger(ROOT_PACKAGE).setLevel(own);
    }

    /// Waits for the lines so far to be written, half a second at most. An exit does so by itself,
    /// for the lines up to its beginning.
    void flush() {
        try {
            queue.flush(FLUSH_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
