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
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofMillis(50);

    private Deadline() {}

    /// Does the work on a thread of its own. When this returns, the thread has ended or is about
    /// to.
    ///
    /// @param workers what kind of thread the work can be interrupted on: [Endpoint#workers()]
    /// @throws TimeoutException if the work did not end in time; it is interrupted
    /// @throws InterruptedException if the caller was interrupted; the work is too
    /// @throws ExecutionException if the work failed
    static <T> T within(Thread.Builder workers, Duration limit, Callable<T> work)
            throws InterruptedException, TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = workers.name("engine-call").start(task);
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
                end(worker);
            }
        }
    }

    /// Interrupts until it works: a library may swallow an interrupt, and try again.
    static void end(Thread worker) {
        long until = System.nanoTime() + GRACE.toNanos();
        do {
            worker.interrupt();
        } while (!join(worker, AGAIN) && System.nanoTime() - until < 0);
    }

    /// Waits for a thread to end, even if the caller has been interrupted; it stays so.
    ///
    /// @return whether it ended in time
    static boolean join(Thread thread, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
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
