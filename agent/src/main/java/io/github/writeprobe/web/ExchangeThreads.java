package io.github.writeprobe.web;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// The threads that read requests and write answers, each with a limit that fires.
///
/// The JDK's server has limits too, `sun.net.httpserver.maxReqTime` and `maxRspTime`. But when they
/// fire, they close the connection while they hold a lock that every request needs, and to close a
/// TLS connection is to write to it: one client that reads nothing stops the whole server for good.
/// Interrupting a thread closes the channel that it waits on, and needs no lock.
///
/// @see java.nio.channels.InterruptibleChannel
final class ExchangeThreads implements Executor, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration FAREWELL = Duration.ofMillis(800);

    /// Who has had an answer for less than this is not slow yet.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration FOREVER = Duration.ofDays(10_000);

    private record Stage(boolean answering, long since, long until) {}

    private final Map<Thread, Stage> stages = new ConcurrentHashMap<>();
    private final Duration request;
    private final Duration answer;
    private final Thread watch;
    private volatile boolean closed;

    /// @param request from the first byte until a request is complete, TLS handshake included
    /// @param answer from then until the client has taken the last byte
    ExchangeThreads(Duration request, Duration answer) {
        this.request = request;
        this.answer = answer;
        this.watch =
                Thread.ofPlatform().daemon().name("web-limits").start(this::interruptTheOverdue);
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the server closes");
        }
        Thread thread = Thread.ofVirtual().name("web-exchange").unstarted(() -> run(task));
        enter(thread, false, request);
        thread.start();
    }

    private void enter(Thread thread, boolean answering, Duration limit) {
        long now = System.nanoTime();
        stages.put(thread, new Stage(answering, now, now + limit.toNanos()));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            stages.remove(Thread.currentThread());
        }
    }

    /// Says that the current thread has a whole request.
    void answering() {
        enter(Thread.currentThread(), true, answer);
    }

    /// Says that the current thread waits for something to say, and that its client is not to blame
    /// for that.
    void waiting() {
        enter(Thread.currentThread(), false, FOREVER);
    }

    /// Whether the current thread is one of these, and so may wait for a client.
    boolean isOnDuty() {
        return stages.containsKey(Thread.currentThread());
    }

    /// Hangs up on the client that has been taking its answer for longest, if one is slow at all.
    void hangUpOnTheSlowest() {
        long slow = System.nanoTime() - PATIENCE.toNanos();
        stages.entrySet().stream()
                .filter(e -> e.getValue().answering() && e.getValue().since() - slow < 0)
                .min(Comparator.comparingLong(e -> e.getValue().since() - slow))
                .ifPresent(e -> e.getKey().interrupt());
    }

    private void interruptTheOverdue() {
        while (!closed) {
            long now = System.nanoTime();
            stages.forEach((thread, stage) -> {
                if (stage.until() - now < 0) {
                    thread.interrupt();
                }
            });
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Takes no more, and interrupts those that run until they have ended or time is up.
    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        long until = System.nanoTime() + FAREWELL.toNanos();
        boolean interrupted = false;
        while (!stages.isEmpty() && System.nanoTime() - until < 0) {
            stages.keySet().forEach(Thread::interrupt);
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
