package io.github.writeprobe.probes;

/// Limits the CPU time of a reader: a small share of one processor on average, more in a burst.
///
/// Without a limit, a container that writes all the time would keep a reader busy all the time, on
/// the processors that the container itself needs.
public final class CpuBudget {
    private static final double SHARE = 0.05;
    private static final long MAX_CREDIT = 300_000_000L;
    private static final long MAX_PAUSE = 1_000_000_000L;

    private double credit = MAX_CREDIT;
    private long last;

    /// @param now the time by System.nanoTime()
    public CpuBudget(long now) {
        last = now;
    }

    /// Records that some nanoseconds of CPU time were used until now.
    public void spend(long nanos, long now) {
        credit = Math.min(MAX_CREDIT, credit + (now - last) * SHARE) - nanos;
        last = now;
    }

    /// How many nanoseconds to pause; 0 as long as the budget is not used up.
    public long pauseNanos() {
        return credit >= 0 ? 0 : Math.min(MAX_PAUSE, (long) (-credit / SHARE));
    }
}
