package io.github.writeprobe.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Limits how many large documents are rendered, and how many are sent, at the same time.
///
/// Rendering takes a processor. Sending takes memory for as long as the client takes to read. So
/// documents are limited by number and by total size.
final class ResponseConcurrencyLimiter {
    private static final int MAX_RENDERING = 2;
    private static final int MAX_SENDING = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final int KIB = 1024;

    /// The documents that are being sent may take this fraction of the heap.
    private static final int HEAP_FRACTION = 8;

    private final Semaphore renderPermits = new Semaphore(MAX_RENDERING, true);
    private final Semaphore sendPermits = new Semaphore(MAX_SENDING, true);
    private final Runnable dropSlowest;
    private final int totalKib;
    private final Semaphore freeKib;

    /// @param dropSlowest called when a limit is reached; disconnects a slow client
    ResponseConcurrencyLimiter(Runnable dropSlowest) {
        this(dropSlowest, Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
    }

    /// @param bytes limit on the total size of the documents that are being sent; a larger document
    ///   is sent alone
    ResponseConcurrencyLimiter(Runnable dropSlowest, long bytes) {
        this.dropSlowest = dropSlowest;
        this.totalKib = Math.clamp(bytes / KIB, 1, Integer.MAX_VALUE);
        this.freeKib = new Semaphore(totalKib, true);
    }

    /// A permit to send a document; empty if none becomes free in time.
    Optional<Permit> acquire() throws InterruptedException {
        if (!sendPermits.tryAcquire()) {
            dropSlowest.run();
            if (!sendPermits.tryAcquire(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Permit());
    }

    /// Renders a response when a permit to render is free. Empty if that takes too long, or if
    /// there is no memory for the response in time. The permit to render is kept until there is, so
    /// that waiting responses do not fill the heap.
    ///
    /// @param permit the permit to send the response
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

    /// Renders a response.
    @FunctionalInterface
    interface Renderer {
        WebResponse render() throws InterruptedException;
    }

    /// A permit to send a document. It is returned when the client has received everything or has
    /// disconnected.
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
