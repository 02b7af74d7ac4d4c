package io.github.writeprobe.monitor;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The difference between a container's report and the last logged one.
///
/// @param added findings that are new
/// @param resolved findings that were not found again
/// @param waived findings that were active before and that a waiver covers now; they were found
///   again
record ContainerReportChange(
        ContainerReport report, List<Finding> added, List<String> resolved, List<Finding> waived) {
    /// @param before the findings that were active before, as texts of [#words(Finding)]
    static ContainerReportChange since(Set<String> before, ContainerReport report) {
        Set<String> standing =
                report.activeFindings().stream()
                        .map(ContainerReportChange::words)
                        .collect(Collectors.toSet());
        List<Finding> waived =
                report.findings().stream()
                        .filter(Finding::isWaived)
                        .filter(f -> before.contains(words(f)) && !standing.contains(words(f)))
                        .toList();
        Set<String> found =
                report.findings().stream()
                        .map(ContainerReportChange::words)
                        .collect(Collectors.toSet());
        return new ContainerReportChange(
                report,
                report.activeFindings().stream().filter(f -> !before.contains(words(f))).toList(),
                before.stream().filter(f -> !found.contains(f)).toList(),
                waived);
    }

    /// `exposed /`.
    static String words(Finding finding) {
        return finding.kind().label() + " " + finding.path();
    }

    /// Describes the change in one sentence: the worst new finding, and all that are resolved or
    /// newly waived.
    String sentence() {
        String is = report.container().name() + " is " + report.verdict().label() + reason();
        String over = resolved.isEmpty() ? "" : "; resolved: " + String.join(", ", resolved);
        if (waived.isEmpty()) {
            return is + over;
        }
        boolean that = report.verdict() == Verdict.COMPLIANT && resolved.isEmpty();
        return is + over + (that ? ": " : "; ") + listed(" is waived by ");
    }

    private String reason() {
        return switch (report.verdict()) {
            case VIOLATING ->
                    added.isEmpty()
                            ? ""
                            : ": "
                                    + withActor(
                                            Collections.min(
                                                    added,
                                                    Comparator.comparing(Finding::severity)));
            case UNVERIFIED ->
                    report.unproved().isEmpty() ? "" : ": " + report.unproved().getFirst();
            // Of a container that cannot write where it should, nothing else is wrong.
            case COMPLIANT ->
                    worstAdded().map(f -> ", with a new finding: " + withActor(f)).orElse("");
        };
    }

    private static String withActor(Finding finding) {
        return finding.message() + finding.actor().map(a -> "; " + a.line()).orElse("");
    }

    /// The worst new finding; empty if all have low severity.
    Optional<Finding> worstAdded() {
        return added.stream()
                .filter(f -> f.severity().isAtLeast(Severity.MEDIUM))
                .min(Comparator.comparing(Finding::severity));
    }

    private String listed(String by) {
        return waived.stream().map(f -> waiver(f, by)).collect(Collectors.joining(", "));
    }

    /// The newly waived findings, each as `exposed / by pay until 2026-12-01`.
    List<String> waivers() {
        return waived.stream().map(f -> waiver(f, " by ")).toList();
    }

    private static String waiver(Finding waived, String by) {
        WaiverNote note = waived.waiver().orElseThrow();
        return words(waived)
                + by
                + note.owner()
                + note.expires().map(last -> " until " + last).orElse("");
    }

    /// Who made the changes that new findings followed.
    List<String> actors() {
        return added.stream()
                .flatMap(f -> f.actor().stream())
                .map(MountActor::line)
                .distinct()
                .toList();
    }

    /// The evidence of new findings, and the reasons for unverified.
    List<String> evidence() {
        return Stream.concat(
                        added.stream()
                                .filter(f -> f.severity().isAtLeast(Severity.MEDIUM))
                                .flatMap(f -> f.evidence().stream()),
                        report.verdict() == Verdict.UNVERIFIED
                                ? report.unproved().stream()
                                : Stream.of())
                .distinct()
                .toList();
    }
}
