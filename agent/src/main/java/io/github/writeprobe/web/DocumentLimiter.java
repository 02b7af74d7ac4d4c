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
    private static final int MADE_AT_ONCE = 2;
    private static final int SENT_AT_ONCE = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int KIB = 1024;

    /// The part of the heap that may be on its way.
    private static final int PART = 8;

    private final Semaphore making = new Semaphore(MADE_AT_ONCE, true);
    private final Semaphore sending = new Semaphore(SENT_AT_ONCE, true);
    private final Runnable makeRoom;
    private final int room;
    private final Semaphore free;

    /// @param makeRoom called when too many are on their way: hangs up on a slow client
    DocumentLimiter(Runnable makeRoom) {
        this(makeRoom, Runtime.getRuntime().maxMemory() / PART);
    }

    /// @param bytes that may be on their way; a document that is larger goes alone
    DocumentLimiter(Runnable makeRoom, long bytes) {
        this.makeRoom = makeRoom;
        this.room = Math.clamp(bytes / KIB, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(room, true);
    }

    /// A place among those that are being sent to; empty if there is none for too long.
    Optional<Place> place() throws InterruptedException {
        if (!sending.tryAcquire()) {
            makeRoom.run();
            if (!sending.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Place());
    }

    /// Makes something when it is its turn; empty if that takes too long, or if there is no room
    /// for it. It keeps its turn until there is, so that no heap of them waits.
    ///
    /// @param place its own
    Optional<WebResponse> make(Work work, Place place) throws InterruptedException {
        if (!making.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        try {
            WebResponse answer = work.answer();
            return place.fits(answer.body().length) ? Optional.of(answer) : Optional.empty();
        } finally {
            making.release();
        }
    }

    /// What makes an answer.
    @FunctionalInterface
    interface Work {
        WebResponse answer() throws InterruptedException;
    }

    /// Is given back when the client has everything, or has gone.
    final class Place implements AutoCloseable {
        private int taken;

        private boolean fits(int bytes) throws InterruptedException {
            int wanted = Math.min(room, bytes / KIB + 1);
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!free.tryAcquire(wanted, AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - until > 0) {
                    return false;
                }
                makeRoom.run();
            }
            taken = wanted;
            return true;
        }

        @Override
        public void close() {
            free.release(taken);
            sending.release();
        }
    }
}
