package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Threads that make system calls with a time limit. A thread that exceeds it is abandoned, since a
/// call into a filesystem that hangs cannot be cancelled. Threads that hang count towards the
/// maximum number of threads.
final class SyscallTimeoutExecutor {
    private static final int MAX_THREADS = 4;

    private final Abi abi;
    private final Semaphore permits = new Semaphore(MAX_THREADS);
    private final ArrayBlockingQueue<LinuxSyscalls> idle = new ArrayBlockingQueue<>(MAX_THREADS);

    SyscallTimeoutExecutor(Abi abi) {
        this.abi = abi;
    }

    /// @return empty if the task takes longer, or if the caller is interrupted
    <T> Optional<T> call(Duration timeout, Function<LinuxSyscalls, T> task) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            if (!permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
            FutureTask<T> future =
                    new FutureTask<>(() -> {
                        LinuxSyscalls kernel =
                                Optional.ofNullable(idle.poll())
                                        .orElseGet(() -> new LinuxSyscalls(abi));
                        try {
                            return task.apply(kernel);
                        } finally {
                            idle.offer(kernel);
                            permits.release();
                        }
                    });
            Thread.ofPlatform().daemon().name("files").start(future);
            return Optional.of(future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
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
