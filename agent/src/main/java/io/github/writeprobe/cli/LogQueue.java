package io.github.writeprobe.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Log lines, written by a thread of their own, so that a slow, stopped or closed reader of the log
/// does not block the agent.
///
/// A line is lost if the queue is full or if writing it fails. The next line that is written is
/// preceded by one with the number of lost lines.
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int CAPACITY = 1_000;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(2);

    private final OutputStream out;
    private final LogFormatter format;
    private final Charset charset;
    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();

    LogQueue(OutputStream out, LogFormatter format, Charset charset) {
        this.out = out;
        this.format = format;
        this.charset = charset;
    }

    @Override
    public void start() {
        super.start();
        Thread.ofPlatform().daemon().name("log").start(this::writeAll);
    }

    /// Formats in the caller's thread, because the values may change later.
    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = format.format(event).getBytes(charset);
        unwritten.incrementAndGet();
        if (!lines.offer(line)) {
            unwritten.decrementAndGet();
            lost.incrementAndGet();
        }
    }

    /// Waits until every line so far is written or lost, for the timeout at most.
    void flush(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (unwritten.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(POLL_INTERVAL);
        }
    }

    private void writeAll() {
        try {
            while (true) {
                byte[] line = lines.take();
                write(line);
                unwritten.decrementAndGet();
            }
        } catch (InterruptedException e) {
            addError("interrupted", e);
        }
    }

    private void write(byte[] line) {
        long lostCount = lost.get();
        try {
            if (lostCount > 0) {
                out.write(format.format(lostLinesEvent(lostCount)).getBytes(charset));
                lost.addAndGet(-lostCount);
            }
            out.write(line);
            out.flush();
        } catch (IOException e) {
            lost.incrementAndGet();
        }
    }

    private LoggingEvent lostLinesEvent(long count) {
        Logger logger = ((LoggerContext) getContext()).getLogger(LogQueue.class);
        return new LoggingEvent(
                LogQueue.class.getName(),
                logger,
                Level.WARN,
                "log lines were lost: " + count,
                null,
                null);
    }
}
