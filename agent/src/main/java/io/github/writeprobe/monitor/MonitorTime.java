package io.github.writeprobe.monitor;

import java.time.InstantSource;
import java.time.LocalDate;

/// Time as the monitor measures and tells it.
interface MonitorTime {
    /// Nanoseconds since a moment of its own choice, which nobody can set; to be compared with
    /// others of the same source only.
    long nanos();

    /// The clock that an operator can set.
    InstantSource clock();

    /// The date by the clock, by which waivers expire.
    LocalDate today();
}
