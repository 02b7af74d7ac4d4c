package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// An engine whose containers were audited, or that did not answer.
///
/// @param host as configured
/// @param version the engine's version, of the CRI after the runtime's name; empty if it did not
///   answer
/// @param apiVersion the API version in use; empty if it did not answer
/// @param excluded the running containers that were not judged
/// @param error what was tried and what to do, if the engine did not answer
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

    /// The runtime as Kubernetes names it in the id of a container: `docker`, `containerd`,
    /// `cri-o`. Every engine with Docker's API is `docker`. Empty if the runtime has not answered
    /// yet.
    public String runtime() {
        return switch (EngineScheme.of(host)) {
            case UNIX, TCP -> "docker";
            case CRI -> version.split(" ", 2)[0];
        };
    }

    /// The number of containers that are excluded for this reason.
    public long excludedCount(ExcludedContainer.Reason reason) {
        return excluded.stream().filter(container -> container.reason() == reason).count();
    }
}
