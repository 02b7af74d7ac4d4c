package io.github.writeprobe.monitor;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.ProbeSettings;
import io.github.writeprobe.policy.Policy;
import java.time.Duration;

/// What the follower goes by, and what can be replaced while it runs.
///
/// @param interval between two passes
/// @param execInterval after which exec testifies again about a container that nothing happened to
public record MonitorSettings(
        ProbeSettings probing, Policy policy, Duration interval, Duration execInterval) {
    /// What an engine may take to answer a list.
    private static final Duration CALL = Duration.ofSeconds(10);

    public MonitorSettings {
        requireNonNull(probing);
        requireNonNull(policy);
        requireNonNull(interval);
        requireNonNull(execInterval);
    }

    /// The age at which a testimony no longer counts. Exec testifies again after its interval at
    /// the latest, but not before the next pass; half of that again is left for passes that are
    /// late and for another try.
    public Duration maxAge() {
        Duration longer = execInterval.compareTo(interval) < 0 ? interval : execInterval;
        return longer.plus(longer.dividedBy(2)).plus(interval).plus(probing.timeout());
    }

    /// How long an engine may be silent before nothing that is known of its containers counts: two
    /// passes, and the time that the second one waits for an answer.
    public Duration patience() {
        return interval.multipliedBy(2).plus(CALL);
    }
}
