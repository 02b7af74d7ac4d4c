package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The threads that make system calls: platform threads, since a call into a filesystem that hangs
/// cannot be called off, and neither can the thread.
///
/// So many work at a time. One that is given up makes room for another one at once, so that who
/// hangs costs nobody else his turn; but no more than a bound of them are given up, and from there
/// on only containers of which no probe hangs get a thread.
final class ProbeThreadPool implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    /// Threads that hang; each has a stack and some buffers.
    private static final int MOST_GIVEN_UP = 256;

    /// And so many more for containers of which no probe hangs yet.
    private static final int RESERVE = 64;

    private final Abi abi;
    private final int most;
    private final Semaphore places;

    /// Half of them, for containers of which a probe hangs already.
    private final Semaphore placesOfBlamed;

    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedQueue<Kernel> kernels = new ConcurrentLinkedQueue<>();
    private int givenUp;

    ProbeThreadPool(Abi abi, int most) {
        this.abi = abi;
        this.most = most;
        this.places = new Semaphore(most, true);
        this.placesOfBlamed = new Semaphore(Math.max(1, most / 2), true);
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        most + MOST_GIVEN_UP + RESERVE,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("procfs-", 0).factory());
    }

    /// Work that one of the threads does.
    final class Job {
        private final boolean blameless;
        private boolean over;
        private boolean abandoned;

        private Job(boolean blameless) {
            this.blameless = blameless;
        }

        /// Gives the thread up: whoever waits gets its place.
        void giveUp() {
            synchronized (ProbeThreadPool.this) {
                if (over || abandoned) {
                    return;
                }
                abandoned = true;
                givenUp++;
            }
            leave(blameless);
        }

        private void end() {
            synchronized (ProbeThreadPool.this) {
                over = true;
                if (abandoned) {
                    givenUp--;
                    return;
                }
            }
            leave(blameless);
        }
    }

    /// Has work done by one of the threads.
    ///
    /// @param patience how long to wait for a thread that is free
    /// @param blameless whether it is for a container of which no probe hangs
    /// @return empty if there was none
    Optional<Job> begin(Consumer<Kernel> work, Duration patience, boolean blameless)
            throws InterruptedException {
        if (!enter(patience, blameless)) {
            return Optional.empty();
        }
        if (!hasRoom(blameless)) {
            leave(blameless);
            return Optional.empty();
        }
        Job job = new Job(blameless);
        threads.execute(() -> {
            Kernel kernel = Optional.ofNullable(kernels.poll()).orElseGet(() -> new Kernel(abi));
            try {
                work.accept(kernel);
            } finally {
                if (kernels.size() < most) {
                    kernels.offer(kernel);
                }
                job.end();
            }
        });
        return Optional.of(job);
    }

    private boolean enter(Duration patience, boolean blameless) throws InterruptedException {
        long nanos = patience.toNanos();
        if (!blameless && !placesOfBlamed.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean entered = false;
        try {
            entered = places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            return entered;
        } finally {
            if (!entered && !blameless) {
                placesOfBlamed.release();
            }
        }
    }

    private void leave(boolean blameless) {
        places.release();
        if (!blameless) {
            placesOfBlamed.release();
        }
    }

    private synchronized boolean hasRoom(boolean blameless) {
        return givenUp < MOST_GIVEN_UP + (blameless ? RESERVE : 0);
    }

    /// Takes no more work; whoever hangs is left behind, and ends with the process.
    @Override
    public void close() {
        threads.shutdown();
    }
}
