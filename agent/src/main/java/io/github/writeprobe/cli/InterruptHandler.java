package io.github.writeprobe.cli;

import io.github.writeprobe.host.Signals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// What Ctrl-C does to a run that takes its time, and what happens when the run is told to end.
///
/// The first Ctrl-C ends what goes on, and the run finishes with what it has; the next one ends the
/// run, as SIGTERM does. What the run has made for itself it removes in any case, as long as that
/// does not take too long.
final class InterruptHandler implements AutoCloseable {
    /// Less than what a supervisor or `docker stop` grants by default is too little to stop and
    /// remove a container that does not want to end.
    private static final Duration CLEANUP_TIMEOUT = Duration.ofSeconds(20);

    private final CountDownLatch finished = new CountDownLatch(1);

    private InterruptHandler() {}

    /// From now on, until it is closed, the calling thread is interrupted where the program is to
    /// end before its time, which then waits for it.
    ///
    /// @param stopEarly ends what goes on; says whether there was anything to end
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
