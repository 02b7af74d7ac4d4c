package io.github.writeprobe.cli;

import io.github.writeprobe.host.Signals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Handles Ctrl-C and SIGTERM in runs that may take long.
///
/// The first Ctrl-C ends the current step, and the run finishes with the results so far. The next
/// one ends the run, as SIGTERM does. In both cases the run removes what it has created, within
/// [#CLEANUP_TIMEOUT].
final class InterruptHandler implements AutoCloseable {
    /// More than the ten seconds that `docker stop` waits by default, so that a container that
    /// ignores SIGTERM can be stopped and removed.
    private static final Duration CLEANUP_TIMEOUT = Duration.ofSeconds(20);

    private final CountDownLatch finished = new CountDownLatch(1);

    private InterruptHandler() {}

    /// Until the handler is closed, an early end of the program interrupts the calling thread and
    /// waits for it.
    ///
    /// @param stopEarly ends the current step; returns whether there was one
    static InterruptHandler install(BooleanSupplier stopEarly) {
        InterruptHandler handler = new InterruptHandler();
        Thread runThread = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("interruption")
                                .unstarted(() -> handler.interruptAndWait(runThread)));
        Signals.onInterrupt(() -> {
            if (!stopEarly.getAsBoolean()) {
                System.exit(ExitCode.INTERRUPTED.number());
            }
        });
        return handler;
    }

    private void interruptAndWait(Thread runThread) {
        if (finished.getCount() == 0) {
            return;
        }
        runThread.interrupt();
        try {
            finished.await(CLEANUP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
