package io.github.writeprobe.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/// Logs warnings to standard error. It is configured by code, because reading a logback.xml would
/// take longer than an audit's first result.
public final class DefaultLogConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("writeprobe: %level %msg%n%nopex");
        encoder.start();
        ConsoleAppender<ILoggingEvent> err = new ConsoleAppender<>();
        err.setContext(context);
        err.setName("stderr");
        err.setTarget("System.err");
        err.setEncoder(encoder);
        err.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(err);
        silenceLibraries(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// gRPC sets an option of TCP on every socket, and netty warns that a Unix socket has none.
    static void silenceLibraries(LoggerContext context) {
        context.getLogger("io.netty.bootstrap").setLevel(Level.ERROR);
    }

    /// Disables the log of verdicts and engines, because the screen shows the current state.
    static void disableVerdictLog() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("io.github.writeprobe.verdict").setLevel(Level.OFF);
        context.getLogger("io.github.writeprobe.engine").setLevel(Level.OFF);
    }
}
