package io.github.writeprobe.docker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A limit that fires, whatever the transport does.
///
/// docker-java ignores its time-outs on unix sockets. But interrupting a thread that waits on a
/// unix socket, or a virtual thread that waits on any socket, closes it, and so ends the wait, the
/// connection, and what the engine does for it.
final class Deadline {
    /// How long a worker may take to clean up after an interrupt: only a look-up of a host name,
    /// which cannot be interrupted, takes longer, and is left to end by itself.
    static final Duration GRACE_PERIOD = Duration.ofSeconds(2);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private Deadline() {}

    /// Does the work on a thread of its own. When this returns, the thread has ended or is about
    /// to.
    ///
    /// @param threadBuilder what kind of thread the work can be interrupted on:
    ///   [Endpoint#threadBuilder()]
    /// @throws TimeoutException if the work did not end in time; it is interrupted
    /// @throws InterruptedException if the caller was interrupted; the work is too
    /// @throws ExecutionException if the work failed
    static <T> T call(Thread.Builder threadBuilder, Duration limit, Callable<T> work)
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

    /// Interrupts until it works: a library may swallow an interrupt, and try again.
    static void terminate(Thread worker) {
        long deadline = System.nanoTime() + GRACE_PERIOD.toNanos();
        do {
            worker.interrupt();
        } while (!join(worker, RETRY_INTERVAL) && System.nanoTime() - deadline < 0);
    }

    /// Waits for a thread to end, even if the caller has been interrupted; it stays so.
    ///
    /// @return whether it ended in time
    static boolean join(Thread thread, Duration limit) {
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
