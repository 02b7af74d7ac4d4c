package io.github.writeprobe.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of a daemon: closes what is open, at SIGTERM, SIGINT and every other orderly exit,
/// within a bound.
///
/// Who is asked to end and does not is killed: by `docker stop` after 10 seconds, by others
/// earlier. So a part that does not close in its time is named in the log and left behind.
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

    /// From now on an orderly exit closes the parts before the JVM ends.
    ///
    /// @param totalLimit for all parts together
    /// @param finalAction run after them, whatever became of them; it has to be quick by itself
    public static Shutdown install(Duration totalLimit, Runnable finalAction) {
        Shutdown shutdown = new Shutdown(totalLimit, finalAction);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(shutdown::run));
        return shutdown;
    }

    /// Adds a part, which is closed before those that were added earlier.
    ///
    /// @param name for the log
    /// @param limit after which it is left behind, and the next is closed
    public void closeOnExit(String name, Duration limit, Closer closer) {
        synchronized (parts) {
            parts.push(new Part(name, limit, closer));
        }
    }

    /// Waits for the end to begin. The JVM ends when the parts are closed, whatever the caller does
    /// then.
    public void await() throws InterruptedException {
        started.await();
    }

    /// Whether the end has begun, so that what fails now need not be told.
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
            LOG.warn("interrupted while closing");
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
            LOG.atWarn().addKeyValue("part", part.name()).log("no time was left to close it");
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
                                .log("closing failed");
                    } finally {
                        closed.countDown();
                    }
                });
        if (!closed.await(limit, TimeUnit.NANOSECONDS)) {
            LOG.atWarn()
                    .addKeyValue("part", part.name())
                    .addKeyValue("seconds", TimeUnit.NANOSECONDS.toMillis(limit) / 1000.0)
                    .log("did not close in time and is left behind");
        }
    }
}
