package io.github.writeprobe.cycle;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts what is done and what is to do, for [Progress].
final class ProgressCounter {
    private final Progress progress;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger total = new AtomicInteger();

    ProgressCounter(Progress progress) {
        this.progress = progress;
    }

    void expected() {
        total.incrementAndGet();
    }

    void finished() {
        progress.at(done.incrementAndGet(), total.get());
    }
}
