package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// An engine that was asked.
///
/// @param host as given
/// @param version of the engine; empty if it did not answer
/// @param apiVersion agreed on; empty if it did not answer
/// @param leftOut how many containers run there that nobody looked at, being pause containers of
///   pods
/// @param trouble what was tried and what to do, if it did not answer
public record EngineReport(
        String host, String version, String apiVersion, int leftOut, Optional<String> trouble) {
    public EngineReport {
        requireNonNull(host);
        requireNonNull(version);
        requireNonNull(apiVersion);
        requireNonNull(trouble);
    }

    public boolean up() {
        return trouble.isEmpty();
    }
}
