package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.report.ReportText;
import java.util.List;

/// All that is known of a path, in the words of `writeprobe explain`.
///
/// @param mount kind, point and source
/// @param line of the mount table; empty where it is that of another path, or nobody read it
public record PathEvidence(
        PathCell cell,
        String path,
        String mount,
        String persistence,
        String declared,
        String policy,
        String line,
        List<String> observed) {
    public PathEvidence {
        observed = List.copyOf(observed);
    }

    static PathEvidence of(ContainerReport container, PathReport p, String anchor) {
        boolean own = p.mountPoint().equals(p.path());
        return new PathEvidence(
                PathCell.of(container, p, anchor),
                FindingView.clip(p.path()),
                FindingView.clip(ReportText.mount(p)),
                p.persistence().label(),
                p.declaredWritable().map(ReportText::access).orElse("nothing"),
                FindingView.clip(ReportText.of(p.expectation())),
                p.entry().filter(e -> own).map(e -> FindingView.clip(e.line())).orElse(""),
                p.observations().stream().map(PathEvidence::describe).toList());
    }

    private static String describe(Observation o) {
        return FindingView.clip(ReportText.of(o));
    }
}
