package io.github.writeprobe.probes.trace;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// The mount calls of the last minutes. Thread-safe.
final class MountCallLog {
    private static final int MAX_CALLS = 4096;

    /// The calls that run at one time; one that hangs is forgotten when there are more.
    private static final int MAX_OPEN = 1024;

    /// Reads who called.
    @FunctionalInterface
    interface Callers {
        Caller read(int thread, long at);
    }

    private final Callers callers;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Deque<MountCall> ended = new ArrayDeque<>();
    private final Map<Integer, MountCall> open = new HashMap<>();

    /// Times at which events were lost.
    private final Deque<Long> losses = new ArrayDeque<>();

    private long lost;

    /// @param nanos the time by [System#nanoTime()]
    MountCallLog(Callers callers, InstantSource clock, LongSupplier nanos) {
        this.callers = callers;
        this.clock = clock;
        this.nanos = nanos;
    }

    void add(TraceEvent event) {
        switch (event) {
            case TraceEvent.Entered(int thread, long at, var call, long flags) -> {
                Caller caller = callers.read(thread, at);
                enter(thread, at, call, flags, caller);
            }
            case TraceEvent.Returned(int thread, long at, var call, long result) ->
                    returned(thread, at, call, result);
            case TraceEvent.Lost(long events) -> lost(events);
        }
    }

    private synchronized void enter(
            int thread, long at, MountSyscall call, long flags, Caller caller) {
        MountCall unfinished = open.remove(thread);
        if (unfinished != null) {
            // Its end was lost.
            ended(unfinished.returned(at, 0));
        }
        if (open.size() >= MAX_OPEN) {
            open.clear();
            lost(1);
        }
        open.put(
                thread,
                new MountCall(instant(at), at, OptionalLong.empty(), call, flags, 0, caller));
    }

    private void returned(int thread, long at, MountSyscall call, long result) {
        if (returnedFrom(thread, at, call, result)) {
            return;
        }
        // `fsconfig` reports the start of remounts only.
        if (call != MountSyscall.FSCONFIG && result >= 0) {
            Caller caller = callers.read(thread, at);
            synchronized (this) {
                ended(new MountCall(instant(at), at, OptionalLong.of(at), call, 0, result, caller));
            }
        }
    }

    /// @return whether the start of the call is known
    private synchronized boolean returnedFrom(int thread, long at, MountSyscall call, long result) {
        Optional<MountCall> entered =
                Optional.ofNullable(open.remove(thread)).filter(c -> c.call() == call);
        entered.ifPresent(c -> ended(c.returned(at, result)));
        return entered.isPresent();
    }

    private void ended(MountCall call) {
        if (!call.mayHaveChangedMounts()) {
            return;
        }
        ended.addLast(call);
        if (ended.size() > MAX_CALLS) {
            ended.removeFirst();
        }
    }

    private synchronized void lost(long events) {
        lost += events;
        losses.addLast(nanos.getAsLong());
        if (losses.size() > MAX_OPEN) {
            losses.removeFirst();
        }
    }

    private Instant instant(long at) {
        return clock.instant().minusNanos(Math.max(0, nanos.getAsLong() - at));
    }

    /// How many events were lost so far.
    synchronized long lost() {
        return lost;
    }

    synchronized boolean hasLostSince(long since) {
        return losses.stream().anyMatch(at -> at - since >= 0);
    }

    /// The calls that ran at some time between two, the latest first.
    synchronized List<MountCall> between(long since, long until) {
        List<MountCall> all = new ArrayList<>(open.values());
        all.addAll(ended);
        return all.stream()
                .filter(c -> c.mayHaveChangedMounts() && c.overlaps(since, until))
                .sorted((a, b) -> Long.compare(b.entered(), a.entered()))
                .toList();
    }
}
