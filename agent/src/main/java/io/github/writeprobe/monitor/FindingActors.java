package io.github.writeprobe.monitor;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountActor;
import java.util.Optional;
import java.util.Set;

/// Says in a container's report who made the change that a finding followed.
final class FindingActors {
    private static final Set<FindingKind> FROM_MOUNTS =
            Set.of(FindingKind.DRIFT, FindingKind.UNDECLARED, FindingKind.UNWRITABLE);

    private FindingActors() {}

    /// @param before the report before; without one, nothing says that a finding is new
    /// @param changedBy who made the change between the two; empty if the mounts did not change
    static ContainerReport carryOver(
            Optional<ContainerReport> before,
            ContainerReport report,
            Optional<MountActor> changedBy) {
        return before.map(last ->
                        report.withFindings(
                                report.findings().stream()
                                        .map(f -> withActor(last, f, changedBy))
                                        .toList()))
                .orElse(report);
    }

    private static Finding withActor(
            ContainerReport before, Finding finding, Optional<MountActor> changedBy) {
        if (!FROM_MOUNTS.contains(finding.kind())) {
            return finding;
        }
        Optional<Finding> same =
                before.findings().stream()
                        .filter(f -> f.kind() == finding.kind() && f.path().equals(finding.path()))
                        .findFirst();
        return (same.isPresent() ? same.flatMap(Finding::actor) : changedBy)
                .map(finding::withActor)
                .orElse(finding);
    }
}
