package io.github.writeprobe.monitor;

import java.time.InstantSource;
import java.time.LocalDate;

/// The time sources of the monitor.
interface MonitorClock {
    /// Monotonic time in nanoseconds since an arbitrary moment, like [System#nanoTime()].
    /// Comparable only with values of the same source.
    long nanos();

    /// The system clock, which an operator can set.
    InstantSource clock();

    /// The clock's date, which decides whether a waiver has expired.
    LocalDate today();
}
