package io.github.writeprobe.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many large documents are made at once, and how many are on their way to clients.
///
/// Making one takes a processor, and one that is being sent takes memory for as long as its client
/// likes: so they are counted, and weighed.
final class DocumentLimiter {
    private static final int MAX_RENDERING = 2;
    private static final int MAX_SENDING = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final int KIB = 1024;

    /// The part of the heap that may be on its way.
    private static final int HEAP_FRACTION = 8;

    private final Semaphore renderPermits = new Semaphore(MAX_RENDERING, true);
    private final Semaphore sendPermits = new Semaphore(MAX_SENDING, true);
    private final Runnable dropSlowest;
    private final int totalKib;
    private final Semaphore freeKib;

    /// @param dropSlowest called when too many are on their way: hangs up on a slow client
    DocumentLimiter(Runnable dropSlowest) {
        this(dropSlowest, Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
    }

    /// @param bytes that may be on their way; a document that is larger goes alone
    DocumentLimiter(Runnable dropSlowest, long bytes) {
        this.dropSlowest = dropSlowest;
        this.totalKib = Math.clamp(bytes / KIB, 1, Integer.MAX_VALUE);
        this.freeKib = new Semaphore(totalKib, true);
    }

    /// A place among those that are being sent to; empty if there is none for too long.
    Optional<Permit> acquire() throws InterruptedException {
        if (!sendPermits.tryAcquire()) {
            dropSlowest.run();
            if (!sendPermits.tryAcquire(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Permit());
    }

    /// Makes something when it is its turn; empty if that takes too long, or if there is no room
    /// for it. It keeps its turn until there is, so that no heap of them waits.
    ///
    /// @param permit its own
    Optional<WebResponse> render(Renderer renderer, Permit permit) throws InterruptedException {
        if (!renderPermits.tryAcquire(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        try {
            WebResponse response = renderer.render();
            return permit.reserve(response.body().length)
                    ? Optional.of(response)
                    : Optional.empty();
        } finally {
            renderPermits.release();
        }
    }

    /// What makes an answer.
    @FunctionalInterface
    interface Renderer {
        WebResponse render() throws InterruptedException;
    }

    /// Is given back when the client has everything, or has gone.
    final class Permit implements AutoCloseable {
        private int reservedKib;

        private boolean reserve(int bytes) throws InterruptedException {
            int neededKib = Math.min(totalKib, bytes / KIB + 1);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (!freeKib.tryAcquire(
                    neededKib, RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                dropSlowest.run();
            }
            reservedKib = neededKib;
            return true;
        }

        @Override
        public void close() {
            freeKib.release(reservedKib);
            sendPermits.release();
        }
    }
}
