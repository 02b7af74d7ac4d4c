package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The threads that make system calls. They are platform threads, since a call into a filesystem
/// that hangs cannot be cancelled.
///
/// The number of threads that work at the same time is limited. A thread that is abandoned is
/// replaced at once, so that a probe that hangs does not delay other containers. The number of
/// abandoned threads is limited too. At that limit, only containers without a hanging probe get a
/// thread.
final class ProbeThreadPool implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    /// The maximum number of threads that hang; each has a stack and some buffers.
    private static final int MAX_ABANDONED = 256;

    /// Additional threads for containers without a hanging probe.
    private static final int RESERVE = 64;

    private final Abi abi;
    private final int maxThreads;
    private final Semaphore permits;

    /// Half of the permits, for containers that already have a hanging probe.
    private final Semaphore hangingPermits;

    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedQueue<LinuxSyscalls> kernels = new ConcurrentLinkedQueue<>();
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

    /// A task on one of the threads.
    final class Job {
        private final boolean noneHanging;
        private boolean ended;
        private boolean abandoned;

        private Job(boolean noneHanging) {
            this.noneHanging = noneHanging;
        }

        /// Abandons the thread and releases its permit to a waiting task.
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

    /// Runs a task on one of the threads.
    ///
    /// @param timeout how long to wait for a free thread
    /// @param noneHanging whether the task is for a container without a hanging probe
    /// @return empty if no thread was free
    Optional<Job> start(Consumer<LinuxSyscalls> task, Duration timeout, boolean noneHanging)
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
            LinuxSyscalls kernel =
                    Optional.ofNullable(kernels.poll()).orElseGet(() -> new LinuxSyscalls(abi));
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

    /// Accepts no more tasks. Threads that hang are not awaited; they end with the process.
    @Override
    public void close() {
        threads.shutdown();
    }
}
