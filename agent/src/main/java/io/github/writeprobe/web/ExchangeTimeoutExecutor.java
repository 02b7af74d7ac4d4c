package io.github.writeprobe.web;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// The threads that read requests and write responses, each with an enforced time limit.
///
/// The JDK's server has time limits too, `sun.net.httpserver.maxReqTime` and `maxRspTime`. But it
/// closes an overdue connection while it holds a lock that every request needs, and closing a TLS
/// connection writes to it. So one client that does not read blocks the whole server for good.
/// Interrupting a thread closes the channel that it waits on, and needs no lock.
///
/// @see java.nio.channels.InterruptibleChannel
final class ExchangeTimeoutExecutor implements Executor, AutoCloseable {
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(800);

    /// A client that has been reading its response for less than this is not slow yet.
    private static final Duration SLOW_AFTER = Duration.ofSeconds(1);

    private static final Duration NO_LIMIT = Duration.ofDays(10_000);

    private record Phase(boolean responding, long since, long deadline) {}

    private final Map<Thread, Phase> phases = new ConcurrentHashMap<>();
    private final Duration requestTimeout;
    private final Duration responseTimeout;
    private final Thread watchdog;
    private volatile boolean closed;

    /// @param requestTimeout from the first byte until the request is complete, TLS handshake
    ///   included
    /// @param responseTimeout from then until the client has received the last byte
    ExchangeTimeoutExecutor(Duration requestTimeout, Duration responseTimeout) {
        this.requestTimeout = requestTimeout;
        this.responseTimeout = responseTimeout;
        this.watchdog =
                Thread.ofPlatform().daemon().name("web-limits").start(this::interruptOverdue);
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the server is closing");
        }
        Thread thread = Thread.ofVirtual().name("web-exchange").unstarted(() -> run(task));
        enterPhase(thread, false, requestTimeout);
        thread.start();
    }

    private void enterPhase(Thread thread, boolean responding, Duration limit) {
        long now = System.nanoTime();
        phases.put(thread, new Phase(responding, now, now + limit.toNanos()));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            phases.remove(Thread.currentThread());
        }
    }

    /// Records that the current thread has read a complete request.
    void startResponse() {
        enterPhase(Thread.currentThread(), true, responseTimeout);
    }

    /// Suspends the time limit of the current thread while it waits for something to send, which is
    /// not the fault of the client.
    void suspendTimeout() {
        enterPhase(Thread.currentThread(), false, NO_LIMIT);
    }

    /// Whether the current thread is one of these threads, and so may wait for a client.
    boolean isExchangeThread() {
        return phases.containsKey(Thread.currentThread());
    }

    /// Disconnects the client that has been reading its response for longest, if a client is slow.
    void interruptSlowest() {
        long slowSince = System.nanoTime() - SLOW_AFTER.toNanos();
        phases.entrySet().stream()
                .filter(e -> e.getValue().responding() && e.getValue().since() - slowSince < 0)
                .min(Comparator.comparingLong(e -> e.getValue().since() - slowSince))
                .ifPresent(e -> e.getKey().interrupt());
    }

    private void interruptOverdue() {
        while (!closed) {
            long now = System.nanoTime();
            phases.forEach((thread, phase) -> {
                if (phase.deadline() - now < 0) {
                    thread.interrupt();
                }
            });
            try {
                Thread.sleep(CHECK_INTERVAL);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Accepts no more requests, and interrupts running ones until they have ended or the time is
    /// up.
    @Override
    public void close() {
        closed = true;
        watchdog.interrupt();
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        boolean interrupted = false;
        while (!phases.isEmpty() && System.nanoTime() - deadline < 0) {
            phases.keySet().forEach(Thread::interrupt);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
