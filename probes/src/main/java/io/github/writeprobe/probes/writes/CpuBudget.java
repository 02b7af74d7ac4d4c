package io.github.writeprobe.probes.writes;

/// How much of one processor may be used: a small share in the long run, more in a burst.
///
/// A container that writes without end would keep a reader busy without end, on the processors that
/// it needs itself.
final class CpuBudget {
    private static final double SHARE = 0.05;
    private static final long MAX_CREDIT = 300_000_000L;
    private static final long MAX_PAUSE = 1_000_000_000L;

    private double credit = MAX_CREDIT;
    private long last;

    /// @param now as System.nanoTime() has it
    CpuBudget(long now) {
        last = now;
    }

    /// So many nanoseconds were used, until now.
    void spend(long nanos, long now) {
        credit = Math.min(MAX_CREDIT, credit + (now - last) * SHARE) - nanos;
        last = now;
    }

    /// How many nanoseconds to do nothing; 0 as long as there is something left.
    long pauseNanos() {
        return credit >= 0 ? 0 : Math.min(MAX_PAUSE, (long) (-credit / SHARE));
    }
}
