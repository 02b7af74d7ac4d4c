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

/// The agent's log, on standard error.
///
/// Libraries log at WARN and above, or at ERROR if that is our own level. Logging never blocks a
/// thread; see [LogQueue].
final class AgentLogConfigurator {
    /// The lowest level that our own loggers log at.
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

    /// Text for people, or JSON for programs.
    enum Format {
        TEXT,
        JSON;

        /// Text if standard error is a terminal, else JSON.
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

    private AgentLogConfigurator(LogQueue queue) {
        this.queue = queue;
    }

    /// Replaces the logging of [DefaultLogConfigurator] until the JVM ends. To be called once.
    static AgentLogConfigurator start(Level level, Format format, Terminal terminal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        FileOutputStream err = new FileOutputStream(FileDescriptor.err);
        LogQueue queue =
                switch (format) {
                    case TEXT ->
                            new LogQueue(
                                    err,
                                    new TextLogFormatter(
                                            terminal.errStyle(System.err), ZoneId.systemDefault()),
                                    System.err.charset());
                    case JSON -> new LogQueue(err, new JsonLogFormatter(), US_ASCII);
                };
        queue.setContext(context);
        queue.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue);
        setLevels(context, level);
        DefaultLogConfigurator.silenceLibraries(context);
        JulBridge.install();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) ->
                context.getLogger(ROOT_PACKAGE)
                        .atError()
                        .setCause(e)
                        .addKeyValue("thread", thread.getName())
                        .log("a thread ended unexpectedly"));
        AgentLogConfigurator log = new AgentLogConfigurator(queue);
        Runtime.getRuntime().addShutdownHook(new Thread(log::flush, "log flush"));
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

    /// Waits until the lines logged so far are written, for half a second at most. At the exit of
    /// the JVM, a hook does the same for the lines logged before.
    void flush() {
        try {
            queue.flush(FLUSH_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
