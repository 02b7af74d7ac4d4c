package io.github.writeprobe.monitor;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Duration;

/// The settings of the monitor, which can be replaced while it runs.
///
/// @param interval between two cycles
/// @param execInterval after which a container without changes is probed again by `exec`
public record MonitorSettings(
        ProbeSettings probing, Policy policy, Duration interval, Duration execInterval) {
    /// The time that an engine may take to answer a list.
    private static final Duration CALL = Duration.ofSeconds(10);

    public MonitorSettings {
        requireNonNull(probing);
        requireNonNull(policy);
        requireNonNull(interval);
        requireNonNull(execInterval);
    }

    /// A copy whose intervals are not longer than these.
    public MonitorSettings atMost(Duration cycle, Duration exec) {
        return new MonitorSettings(
                probing, policy, shorter(interval, cycle), shorter(execInterval, exec));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// The age at which a result is out of date. A container is probed again after the longer of
    /// the two intervals at the latest. Half of that is added for late cycles and for another
    /// attempt, and so are one interval and one time-out.
    public Duration maxAge() {
        Duration longer = execInterval.compareTo(interval) < 0 ? interval : execInterval;
        return longer.plus(longer.dividedBy(2)).plus(interval).plus(probing.timeout());
    }

    /// How long an engine may fail to answer before all that is known about its containers is out
    /// of date: two cycles, and the time that the second one waits for an answer.
    public Duration patience() {
        return interval.multipliedBy(2).plus(CALL);
    }
}
