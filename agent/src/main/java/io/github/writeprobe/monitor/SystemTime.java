package io.github.writeprobe.monitor;

import java.time.Clock;
import java.time.InstantSource;
import java.time.LocalDate;

/// The real time: [System#nanoTime()], and a clock.
record SystemTime(Clock zoned) implements MonitorClock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public InstantSource clock() {
        return zoned;
    }

    @Override
    public LocalDate today() {
        return LocalDate.now(zoned);
    }
}
