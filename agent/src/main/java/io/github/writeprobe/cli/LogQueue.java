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

/// Lines on their way out, written by a thread of their own: who reads the log may be slow, stopped
/// or gone, and the agent goes on.
///
/// A line that finds the queue full, or that cannot be written, is lost. The next line that gets
/// through is preceded by one that tells how many were.
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int LONGEST = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final OutputStream out;
    private final LogFormat format;
    private final Charset charset;
    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(LONGEST);
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();

    LogQueue(OutputStream out, LogFormat format, Charset charset) {
        this.out = out;
        this.format = format;
        this.charset = charset;
    }

    @Override
    public void start() {
        super.start();
        Thread.ofPlatform().daemon().name("log").start(this::writeAll);
    }

    /// Formats in the caller's thread, while its values are what they are.
    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = format.write(event).getBytes(charset);
        unwritten.incrementAndGet();
        if (!lines.offer(line)) {
            unwritten.decrementAndGet();
            lost.incrementAndGet();
        }
    }

    /// Waits until every line so far is written or lost, but not longer than that.
    void flush(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (unwritten.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(PAUSE);
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
        long before = lost.get();
        try {
            if (before > 0) {
                out.write(format.write(confession(before)).getBytes(charset));
                lost.addAndGet(-before);
            }
            out.write(line);
            out.flush();
        } catch (IOException e) {
            lost.incrementAndGet();
        }
    }

    private LoggingEvent confession(long count) {
        Logger logger = ((LoggerContext) getContext()).getLogger(LogQueue.class);
        return new LoggingEvent(
                LogQueue.class.getName(),
                logger,
                Level.WARN,
                "lines of the log were lost: " + count,
                null,
                null);
    }
}
