package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The threads that make system calls: a bounded number of platform threads, since a call into a
/// filesystem that hangs cannot be called off, and neither can the thread.
final class Crew implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Abi abi;
    private final Semaphore places;
    private final ThreadPoolExecutor threads;
    private final ArrayBlockingQueue<Kernel> kernels;

    Crew(Abi abi, int most) {
        this.abi = abi;
        this.places = new Semaphore(most, true);
        this.kernels = new ArrayBlockingQueue<>(most);
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        most,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("procfs-", 0).factory());
    }

    /// Has work done by one of the threads.
    ///
    /// @param patience how long to wait for a thread that is free
    /// @return whether there was one
    boolean begin(Consumer<Kernel> work, Duration patience) throws InterruptedException {
        if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        threads.execute(() -> {
            Kernel kernel = Optional.ofNullable(kernels.poll()).orElseGet(() -> new Kernel(abi));
            try {
                work.accept(kernel);
            } finally {
                kernels.offer(kernel);
                places.release();
            }
        });
        return true;
    }

    /// Takes no more work; whoever hangs is left behind, and ends with the process.
    @Override
    public void close() {
        threads.shutdown();
    }
}
