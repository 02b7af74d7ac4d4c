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
    private static final int MAX_ABANDONED = 256;

    /// And so many more for containers of which no probe hangs yet.
    private static final int RESERVE = 64;

    private final Abi abi;
    private final int maxThreads;
    private final Semaphore permits;

    /// Half of them, for containers of which a probe hangs already.
    private final Semaphore hangingPermits;

    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedQueue<Kernel> kernels = new ConcurrentLinkedQueue<>();
    private int abandonedCount;

    ProbeThreadPool(Abi abi, int maxThreads) {
        this.abi = abi;
        this.maxThreads = maxThreads;
        this.permits = new Semaphore(maxThreads, true);
        this.hangingPermits = new Semaphore(Math.max(1, maxThreads / 2), true);
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        maxThreads + MAX_ABANDONED + RESERVE,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("procfs-", 0).factory());
    }

    /// Work that one of the threads does.
    final class Job {
        private final boolean noneHanging;
        private boolean ended;
        private boolean abandoned;

        private Job(boolean noneHanging) {
            this.noneHanging = noneHanging;
        }

        /// Gives the thread up: whoever waits gets its place.
        void abandon() {
            synchronized (ProbeThreadPool.this) {
                if (ended || abandoned) {
                    return;
                }
                abandoned = true;
                abandonedCount++;
            }
            release(noneHanging);
        }

        private void end() {
            synchronized (ProbeThreadPool.this) {
                ended = true;
                if (abandoned) {
                    abandonedCount--;
                    return;
                }
            }
            release(noneHanging);
        }
    }

    /// Has work done by one of the threads.
    ///
    /// @param timeout how long to wait for a thread that is free
    /// @param noneHanging whether it is for a container of which no probe hangs
    /// @return empty if there was none
    Optional<Job> start(Consumer<Kernel> task, Duration timeout, boolean noneHanging)
            throws InterruptedException {
        if (!acquire(timeout, noneHanging)) {
            return Optional.empty();
        }
        if (!hasCapacity(noneHanging)) {
            release(noneHanging);
            return Optional.empty();
        }
        Job job = new Job(noneHanging);
        threads.execute(() -> {
            Kernel kernel = Optional.ofNullable(kernels.poll()).orElseGet(() -> new Kernel(abi));
            try {
                task.accept(kernel);
            } finally {
                if (kernels.size() < maxThreads) {
                    kernels.offer(kernel);
                }
                job.end();
            }
        });
        return Optional.of(job);
    }

    private boolean acquire(Duration timeout, boolean noneHanging) throws InterruptedException {
        long nanos = timeout.toNanos();
        if (!noneHanging && !hangingPermits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean acquired = false;
        try {
            acquired = permits.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            return acquired;
        } finally {
            if (!acquired && !noneHanging) {
                hangingPermits.release();
            }
        }
    }

    private void release(boolean noneHanging) {
        permits.release();
        if (!noneHanging) {
            hangingPermits.release();
        }
    }

    private synchronized boolean hasCapacity(boolean noneHanging) {
        return abandonedCount < MAX_ABANDONED + (noneHanging ? RESERVE : 0);
    }

    /// Takes no more work; whoever hangs is left behind, and ends with the process.
    @Override
    public void close() {
        threads.shutdown();
    }
}
