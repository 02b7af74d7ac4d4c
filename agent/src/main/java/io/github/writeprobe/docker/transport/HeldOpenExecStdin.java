package io.github.writeprobe.docker.transport;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The standard input of an exec: it delivers no bytes and does not end before [#close()].
///
/// docker-java copies it to the socket on its own daemon thread. If the connection is closed before
/// that thread reads, the thread fails with a stack trace on the terminal; if the input does not
/// end, the thread waits for ever. So [#awaitReader()] has to come before closing the connection,
/// and [#closeAndJoin()] first of all.
final class HeldOpenExecStdin extends InputStream {
    /// Only a busy scheduler delays the start of the thread.
    private static final Duration READER_TIMEOUT = Duration.ofSeconds(2);

    private final CountDownLatch readerStarted = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Thread reader;

    @Override
    public int read() {
        Thread current = Thread.currentThread();
        // The thread may still find the socket closed when it flushes, which does not matter.
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

    /// Waits until the copying thread reads, even if the caller has been interrupted. The caller's
    /// interrupt status is kept.
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
            TimeLimiter.join(thread, READER_TIMEOUT);
        }
    }
}
