package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.Lifetime;
import java.util.Optional;

/// A trace, with what is thought of it.
///
/// @param lifetime empty if it cannot be told
/// @param reasonPath the path that the reason speaks of: its own, or a directory that it is in
/// @param reason for people, what that is; empty if it cannot be told
/// @param source where that is known from
/// @param mountPoint the directory to mount on, if that is known beforehand
/// @param execute whether it is known that something is run from there
record JudgedTrace(
        Trace trace,
        Optional<Lifetime> lifetime,
        String reasonPath,
        String reason,
        EvidenceSource source,
        Optional<String> mountPoint,
        boolean execute) {
    JudgedTrace {
        requireNonNull(trace);
        requireNonNull(lifetime);
        requireNonNull(reasonPath);
        requireNonNull(reason);
        requireNonNull(source);
        requireNonNull(mountPoint);
    }

    static JudgedTrace unclear(Trace trace) {
        return new JudgedTrace(
                trace,
                Optional.empty(),
                trace.path(),
                "",
                EvidenceSource.KNOWN,
                Optional.empty(),
                false);
    }

    /// Judged by what it is itself.
    static JudgedTrace of(Trace trace, Lifetime lifetime, String reason) {
        return new JudgedTrace(
                trace,
                Optional.of(lifetime),
                trace.path(),
                reason,
                EvidenceSource.KNOWN,
                Optional.empty(),
                false);
    }

    boolean hasLifetime(Lifetime lifetime) {
        return this.lifetime.filter(l -> l == lifetime).isPresent();
    }
}
