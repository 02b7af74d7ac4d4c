package io.github.writeprobe.monitor;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.UnwritableSince;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// Says in a container's report since when it cannot write where it should, by its report before.
final class UnwritableSinceUpdater {
    private UnwritableSinceUpdater() {}

    static ContainerReport carryOver(Optional<ContainerReport> before, ContainerReport report) {
        return report.probedAt()
                .map(at ->
                        report.withFindings(
                                report.findings().stream()
                                        .map(f -> withOnset(before, f, at))
                                        .toList()))
                .orElse(report);
    }

    private static Finding withOnset(
            Optional<ContainerReport> before, Finding finding, Instant probedAt) {
        if (finding.kind() != FindingKind.UNWRITABLE) {
            return finding;
        }
        return finding.withOnset(
                before.stream()
                        .flatMap(r -> r.findings().stream())
                        .filter(f -> f.kind() == finding.kind() && f.path().equals(finding.path()))
                        .flatMap(f -> f.onset().stream())
                        .findFirst()
                        .orElseGet(() ->
                                new UnwritableSince(
                                        probedAt,
                                        before.flatMap(r -> writableAt(r, finding.path())))));
    }

    /// When the service last could write at a path. A report after a failed probe still has the
    /// observations of the probe before, but not its time.
    private static Optional<Instant> writableAt(ContainerReport report, String path) {
        return report.paths().stream()
                .filter(p -> p.path().equals(path))
                .flatMap(p -> p.observations().stream())
                .filter(o ->
                        o.identity() == ProbeIdentity.SERVICE
                                && o.write() instanceof WriteResult.Writable)
                .flatMap(o -> probedAt(report, o).stream())
                .max(Comparator.naturalOrder());
    }

    private static Optional<Instant> probedAt(ContainerReport report, PathObservation observation) {
        return report.witnesses().stream()
                .filter(w ->
                        w.witness() == observation.witness()
                                && w.identity() == observation.identity()
                                && w.trouble().isEmpty())
                .map(WitnessRun::at)
                .findFirst();
    }
}
