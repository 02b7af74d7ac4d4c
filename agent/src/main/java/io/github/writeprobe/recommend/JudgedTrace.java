package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.recommend.known.Lifetime;
import java.util.Optional;

/// A trace, with what is thought of it.
///
/// @param lifetime empty if it cannot be told
/// @param about the path that the reason speaks of: its own, or a directory that it is in
/// @param because for people, what that is; empty if it cannot be told
/// @param source where that is known from
/// @param anchor the directory to mount on, if that is known beforehand
/// @param execute whether it is known that something is run from there
record JudgedTrace(
        Trace trace,
        Optional<Lifetime> lifetime,
        String about,
        String because,
        EvidenceSource source,
        Optional<String> anchor,
        boolean execute) {
    JudgedTrace {
        requireNonNull(trace);
        requireNonNull(lifetime);
        requireNonNull(about);
        requireNonNull(because);
        requireNonNull(source);
        requireNonNull(anchor);
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
    static JudgedTrace itself(Trace trace, Lifetime lifetime, String because) {
        return new JudgedTrace(
                trace,
                Optional.of(lifetime),
                trace.path(),
                because,
                EvidenceSource.KNOWN,
                Optional.empty(),
                false);
    }

    boolean is(Lifetime lifetime) {
        return this.lifetime.filter(l -> l == lifetime).isPresent();
    }
}
