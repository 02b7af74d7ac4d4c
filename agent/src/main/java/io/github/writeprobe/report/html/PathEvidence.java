package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.report.ReportWords;
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
                FindingView.text(p.path()),
                FindingView.text(ReportWords.mount(p)),
                p.persistence().label(),
                p.declaredWritable().map(ReportWords::access).orElse("nothing"),
                FindingView.text(ReportWords.of(p.expectation())),
                p.entry().filter(e -> own).map(e -> FindingView.text(e.line())).orElse(""),
                p.observations().stream().map(PathEvidence::seen).toList());
    }

    private static String seen(Observation o) {
        return FindingView.text(ReportWords.of(o));
    }
}
