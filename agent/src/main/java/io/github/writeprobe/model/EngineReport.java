package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// An engine that was asked.
///
/// @param host as given
/// @param version of the engine; empty if it did not answer
/// @param apiVersion agreed on; empty if it did not answer
/// @param leftOut the containers that run there and were not judged
/// @param trouble what was tried and what to do, if it did not answer
public record EngineReport(
        String host,
        String version,
        String apiVersion,
        List<LeftOut> leftOut,
        Optional<String> trouble) {
    public EngineReport {
        requireNonNull(host);
        requireNonNull(version);
        requireNonNull(apiVersion);
        leftOut = List.copyOf(leftOut);
        requireNonNull(trouble);
    }

    public boolean up() {
        return trouble.isEmpty();
    }

    /// How many containers are left out for this reason.
    public long leftOut(LeftOut.Reason reason) {
        return leftOut.stream().filter(one -> one.reason() == reason).count();
    }
}
