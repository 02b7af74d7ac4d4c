package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.report.ReportWording;
import java.util.List;

/// Everything that is known about a path, with the texts of `writeprobe explain`.
///
/// @param mount the mount's kind, mount point and source
/// @param line the line of the mount table; empty if the path is not a mount point, or if no
///   witness could read the table
public record PathEvidenceView(
        PathWritabilityCell cell,
        String path,
        String mount,
        String persistence,
        String declared,
        String policy,
        String line,
        List<String> observed) {
    public PathEvidenceView {
        observed = List.copyOf(observed);
    }

    static PathEvidenceView of(ContainerReport container, PathReport p, String anchor) {
        boolean own = p.mountPoint().equals(p.path());
        return new PathEvidenceView(
                PathWritabilityCell.of(container, p, anchor),
                FindingView.clip(p.path()),
                FindingView.clip(ReportWording.mount(p)),
                p.persistence().label(),
                p.declaredWritable().map(ReportWording::access).orElse("nothing"),
                FindingView.clip(ReportWording.of(p.expectation())),
                p.entry().filter(e -> own).map(e -> FindingView.clip(e.line())).orElse(""),
                p.observations().stream().map(PathEvidenceView::describe).toList());
    }

    private static String describe(PathObservation o) {
        return FindingView.clip(ReportWording.of(o));
    }
}
