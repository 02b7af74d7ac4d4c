package io.github.writeprobe.audit;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts finished and expected containers, for [ProgressListener].
final class ProgressCounter {
    private final ProgressListener listener;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger total = new AtomicInteger();

    ProgressCounter(ProgressListener listener) {
        this.listener = listener;
    }

    void addExpected() {
        total.incrementAndGet();
    }

    void addFinished() {
        listener.update(done.incrementAndGet(), total.get());
    }
}
