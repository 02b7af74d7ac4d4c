package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.ProbeResult;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /// Of a container that runs, and of which the engine could not say what it declares. It must
    /// not be invisible for that.
    ///
    /// @param container as [Container#unreadable]
    /// @param why a sentence
    public static ContainerReport unreadable(Container container, String why) {
        return new ContainerReport(
                container,
                Verdict.UNVERIFIED,
                List.of(),
                List.of(),
                List.of(),
                List.of(why),
                List.of());
    }

    /// The findings that no waiver covers.
    public List<Finding> activeFindings() {
        return findings.stream().filter(f -> !f.isWaived()).toList();
    }

    /// When a witness was last asked, whether it could answer or not; empty if none was.
    public Optional<Instant> probedAt() {
        return witnesses.stream().map(WitnessReport::at).max(Comparator.naturalOrder());
    }

    /// The same after a later try in which no witness could say anything: what was found stands,
    /// since nobody has seen it go, and what was compliant is unverified.
    ///
    /// @param later what was made of that try
    public ContainerReport withFailedProbe(ContainerReport later) {
        return new ContainerReport(
                container,
                verdict == Verdict.COMPLIANT ? Verdict.UNVERIFIED : verdict,
                later.witnesses,
                paths,
                findings,
                Stream.concat(later.unproved.stream(), unproved.stream()).toList(),
                leftovers);
    }

    /// The same after witnesses have said the same again.
    public ContainerReport withProbeResults(List<ProbeResult> results) {
        return new ContainerReport(
                container,
                verdict,
                results.stream().map(WitnessReport::of).toList(),
                paths,
                findings,
                unproved,
                leftovers);
    }

    /// The same with one more reason for doubt. What was found stands; what was compliant is
    /// unverified.
    public ContainerReport withUnproved(String why) {
        return new ContainerReport(
                container,
                verdict == Verdict.COMPLIANT ? Verdict.UNVERIFIED : verdict,
                witnesses,
                paths,
                findings,
                Stream.concat(Stream.of(why), unproved.stream()).toList(),
                leftovers);
    }

    /// The worst of the findings that no waiver covers.
    public Optional<Severity> worstSeverity() {
        return activeFindings().stream().map(Finding::severity).min(Comparator.naturalOrder());
    }
}
