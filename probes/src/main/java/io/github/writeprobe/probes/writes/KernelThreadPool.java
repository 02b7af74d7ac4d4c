package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Threads that ask the kernel, and answer in time or are given up: a call into a filesystem that
/// hangs cannot be called off. When some hang, no more are made.
final class KernelThreadPool {
    private static final int MOST = 4;

    private final Abi abi;
    private final Semaphore places = new Semaphore(MOST);
    private final ArrayBlockingQueue<Kernel> free = new ArrayBlockingQueue<>(MOST);

    KernelThreadPool(Abi abi) {
        this.abi = abi;
    }

    /// @return empty if it takes longer, or if the caller is interrupted
    <T> Optional<T> within(Duration patience, Function<Kernel, T> question) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
            FutureTask<T> answer =
                    new FutureTask<>(() -> {
                        Kernel kernel =
                                Optional.ofNullable(free.poll()).orElseGet(() -> new Kernel(abi));
                        try {
                            return question.apply(kernel);
                        } finally {
                            free.offer(kernel);
                            places.release();
                        }
                    });
            Thread.ofPlatform().daemon().name("files").start(answer);
            return Optional.of(answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
