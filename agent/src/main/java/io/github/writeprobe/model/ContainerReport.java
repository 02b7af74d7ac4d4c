package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All that is known of one container.
///
/// @param unproved what has to be read-only and was not proved so, a sentence each; not empty where
///   the verdict is unverified
/// @param findings the worst first
/// @param leftovers directories in which a probe file could not be removed
public record ContainerReport(
        Container container,
        Verdict verdict,
        List<WitnessReport> witnesses,
        List<PathReport> paths,
        List<Finding> findings,
        List<String> unproved,
        List<String> leftovers) {
    public ContainerReport {
        requireNonNull(container);
        requireNonNull(verdict);
        witnesses = List.copyOf(witnesses);
        paths = List.copyOf(paths);
        findings = List.copyOf(findings);
        unproved = List.copyOf(unproved);
        leftovers = List.copyOf(leftovers);
    }

    /// The findings that no waiver covers.
    public List<Finding> standing() {
        return findings.stream().filter(f -> !f.waived()).toList();
    }

    /// The worst of the findings that no waiver covers.
    public Optional<Severity> worst() {
        return standing().stream().map(Finding::severity).min(Comparator.naturalOrder());
    }
}
