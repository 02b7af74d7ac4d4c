package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// An engine that was asked.
///
/// @param host as given
/// @param version of the engine; empty if it did not answer
/// @param apiVersion agreed on; empty if it did not answer
/// @param excluded the containers that run there and were not judged
/// @param error what was tried and what to do, if it did not answer
public record EngineReport(
        String host,
        String version,
        String apiVersion,
        List<ExcludedContainer> excluded,
        Optional<String> error) {
    public EngineReport {
        requireNonNull(host);
        requireNonNull(version);
        requireNonNull(apiVersion);
        excluded = List.copyOf(excluded);
        requireNonNull(error);
    }

    public boolean isUp() {
        return error.isEmpty();
    }

    /// How many containers are left out for this reason.
    public long excludedCount(ExcludedContainer.Reason reason) {
        return excluded.stream().filter(container -> container.reason() == reason).count();
    }
}
