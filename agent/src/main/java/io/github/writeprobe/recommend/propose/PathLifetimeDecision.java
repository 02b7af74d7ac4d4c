package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.util.Optional;

/// A trace with its lifetime and the reason for it.
///
/// @param lifetime empty if it is not known
/// @param reasonPath the path that the reason is about: the trace's own, or a directory above it
/// @param reason for people, what is written there; empty if it is not known
/// @param source where the reason comes from
/// @param mountPoint the directory to mount on, if that is already known
/// @param execute whether it is known that something is executed there
record PathLifetimeDecision(
        WriteEvidence trace,
        Optional<Lifetime> lifetime,
        String reasonPath,
        String reason,
        WriteEvidenceSource source,
        Optional<String> mountPoint,
        boolean execute) {
    PathLifetimeDecision {
        requireNonNull(trace);
        requireNonNull(lifetime);
        requireNonNull(reasonPath);
        requireNonNull(reason);
        requireNonNull(source);
        requireNonNull(mountPoint);
    }

    static PathLifetimeDecision unclear(WriteEvidence trace) {
        return new PathLifetimeDecision(
                trace,
                Optional.empty(),
                trace.path(),
                "",
                WriteEvidenceSource.KNOWN,
                Optional.empty(),
                false);
    }

    /// A trace that is judged by its own path or type.
    static PathLifetimeDecision of(WriteEvidence trace, Lifetime lifetime, String reason) {
        return new PathLifetimeDecision(
                trace,
                Optional.of(lifetime),
                trace.path(),
                reason,
                WriteEvidenceSource.KNOWN,
                Optional.empty(),
                false);
    }

    boolean hasLifetime(Lifetime lifetime) {
        return this.lifetime.filter(l -> l == lifetime).isPresent();
    }
}
