package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.ProbeResult;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything that is known about one container.
///
/// @param unproved a sentence for each thing that has to be read-only and was not proved; not empty
///   if the verdict is unverified
/// @param findings the worst first
/// @param leftovers directories in which a probe file could not be removed
public record ContainerReport(
        Container container,
        Verdict verdict,
        List<WitnessRun> witnesses,
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

    /// The report of a running container whose declaration could not be read. It is reported as
    /// unverified, and not ignored.
    ///
    /// @param container made by [Container#unreadable]
    /// @param why the reason, a sentence
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

    /// The same with other findings.
    public ContainerReport withFindings(List<Finding> others) {
        return new ContainerReport(
                container, verdict, witnesses, paths, others, unproved, leftovers);
    }

    /// The findings that no waiver covers.
    public List<Finding> activeFindings() {
        return findings.stream().filter(f -> !f.isWaived()).toList();
    }

    /// When a witness last probed the container, conclusively or not; empty if none has.
    public Optional<Instant> probedAt() {
        return witnesses.stream().map(WitnessRun::at).max(Comparator.naturalOrder());
    }

    /// The same after a later probe that was inconclusive for every witness. Findings remain,
    /// because no probe has shown that they are gone. A compliant container becomes unverified.
    ///
    /// @param later the report of that probe
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

    /// The same after a probe with the same observations.
    public ContainerReport withProbeResults(List<ProbeResult> results) {
        return new ContainerReport(
                container,
                verdict,
                results.stream().map(WitnessRun::of).toList(),
                paths,
                findings,
                unproved,
                leftovers);
    }

    /// The same with one more reason why it is unverified. Findings remain. A compliant container
    /// becomes unverified.
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
