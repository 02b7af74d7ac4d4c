package io.github.writeprobe.docker;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The standard input of an exec: never a byte, and no end before [#close()].
///
/// docker-java copies it to the socket on a daemon thread of its own, which dies with a stack trace
/// on the terminal if the connection is closed before that thread came to read, and which would
/// wait for ever if the input did not end. So nobody closes the connection before [#awaitReader()],
/// and [#closeAndJoin()] comes first.
final class OpenStdin extends InputStream {
    /// Only the scheduler can make a thread that has been started late.
    private static final Duration READER_TIMEOUT = Duration.ofSeconds(2);

    private final CountDownLatch readerStarted = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Thread reader;

    @Override
    public int read() {
        Thread current = Thread.currentThread();
        // It may still find the socket closed when it flushes. That is nobody's news.
        current.setUncaughtExceptionHandler((thread, expected) -> {});
        reader = current;
        readerStarted.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            current.interrupt();
        }
        return -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        return length == 0 ? 0 : read();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /// Waits until the copying thread reads, even if the caller has been interrupted; it stays so.
    void awaitReader() {
        long deadline = System.nanoTime() + READER_TIMEOUT.toNanos();
        boolean interrupted = false;
        boolean waiting = true;
        while (waiting) {
            try {
                waiting =
                        !readerStarted.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                                && System.nanoTime() - deadline < 0;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the input, and waits for the copying thread to end.
    void closeAndJoin() {
        awaitReader();
        close();
        Thread thread = reader;
        if (thread != null) {
            Deadline.join(thread, READER_TIMEOUT);
        }
    }
}
