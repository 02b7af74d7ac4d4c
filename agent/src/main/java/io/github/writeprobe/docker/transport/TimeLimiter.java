package io.github.writeprobe.docker.transport;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A time limit that works with every transport.
///
/// docker-java ignores its time-outs on Unix sockets. But an interrupt of any thread that waits on
/// a Unix socket, or of a virtual thread that waits on any socket, closes the socket. This ends the
/// wait, the connection, and the engine's work for it.
public final class TimeLimiter {
    /// How long a worker thread may take to clean up after an interrupt. Only the resolution of a
    /// host name takes longer, because it cannot be interrupted; it is left to end by itself.
    static final Duration GRACE_PERIOD = Duration.ofSeconds(2);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private TimeLimiter() {}

    /// Does the work on its own thread. When this returns, the thread has ended or is about to end.
    ///
    /// @param threadBuilder for threads on which the work can be interrupted:
    ///   [Endpoint#threadBuilder()]
    /// @throws TimeoutException if the work did not end in time; it is interrupted
    /// @throws InterruptedException if the caller was interrupted; the work is interrupted too
    /// @throws ExecutionException if the work failed
    public static <T> T call(Thread.Builder threadBuilder, Duration limit, Callable<T> work)
            throws InterruptedException, TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = threadBuilder.name("engine-call").start(task);
        boolean done = false;
        try {
            T result = task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            done = true;
            return result;
        } catch (ExecutionException e) {
            done = true;
            throw e;
        } finally {
            if (!done) {
                terminate(worker);
            }
        }
    }

    /// Interrupts the thread repeatedly, because a library may catch an interrupt and try again.
    public static void terminate(Thread worker) {
        long deadline = System.nanoTime() + GRACE_PERIOD.toNanos();
        do {
            worker.interrupt();
        } while (!join(worker, RETRY_INTERVAL) && System.nanoTime() - deadline < 0);
    }

    /// Waits for a thread to end, even if the caller has been interrupted. The caller's interrupt
    /// status is kept.
    ///
    /// @return whether the thread ended in time
    public static boolean join(Thread thread, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
