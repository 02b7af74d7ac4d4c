package io.github.writeprobe.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The orderly end of a daemon: at SIGTERM, SIGINT and every other orderly exit, it closes the open
/// parts within a time limit.
///
/// A program that does not end in time is killed: by `docker stop` after 10 seconds, by others
/// earlier. So a part that does not close in its time is named in the log and abandoned.
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /// Closes a part of the program.
    @FunctionalInterface
    public interface Closer {
        void close() throws Exception;
    }

    private record Part(String name, Duration limit, Closer closer) {}

    private final Duration totalLimit;
    private final Runnable finalAction;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch started = new CountDownLatch(1);

    private Shutdown(Duration totalLimit, Runnable finalAction) {
        this.totalLimit = totalLimit;
        this.finalAction = finalAction;
    }

    /// Installs the shutdown hook: an orderly exit closes the parts before the JVM ends.
    ///
    /// @param totalLimit for all parts together
    /// @param finalAction runs after them, also if closing failed; it has to be quick
    public static Shutdown install(Duration totalLimit, Runnable finalAction) {
        Shutdown shutdown = new Shutdown(totalLimit, finalAction);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(shutdown::run));
        return shutdown;
    }

    /// Adds a part, which is closed before those that were added earlier.
    ///
    /// @param name for the log
    /// @param limit after which the part is abandoned and the next one is closed
    public void closeOnExit(String name, Duration limit, Closer closer) {
        synchronized (parts) {
            parts.push(new Part(name, limit, closer));
        }
    }

    /// Waits until the shutdown begins. The JVM ends when the parts are closed, whatever the caller
    /// does then.
    public void await() throws InterruptedException {
        started.await();
    }

    /// Whether the shutdown has begun, so that failures from now on need not be reported.
    public boolean hasBegun() {
        return started.getCount() == 0;
    }

    private void run() {
        started.countDown();
        long deadline = System.nanoTime() + totalLimit.toNanos();
        try {
            for (Part part = nextPart(); part != null; part = nextPart()) {
                close(part, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            LOG.warn("shutdown was interrupted");
        } finally {
            finalAction.run();
        }
    }

    private @Nullable Part nextPart() {
        synchronized (parts) {
            return parts.poll();
        }
    }

    private static void close(Part part, long remainingNanos) throws InterruptedException {
        if (remainingNanos <= 0) {
            LOG.atWarn().addKeyValue("part", part.name()).log("no time left to close this part");
            return;
        }
        long limit = Math.min(remainingNanos, part.limit().toNanos());
        CountDownLatch closed = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .name("closing " + part.name())
                .start(() -> {
                    try {
                        part.closer().close();
                    } catch (Throwable e) {
                        LOG.atWarn()
                                .setCause(e)
                                .addKeyValue("part", part.name())
                                .log("closing this part failed");
                    } finally {
                        closed.countDown();
                    }
                });
        if (!closed.await(limit, TimeUnit.NANOSECONDS)) {
            LOG.atWarn()
                    .addKeyValue("part", part.name())
                    .addKeyValue("seconds", TimeUnit.NANOSECONDS.toMillis(limit) / 1000.0)
                    .log("this part did not close in time; abandoning it");
        }
    }
}
