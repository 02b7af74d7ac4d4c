package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.report.ReportWording;
import io.github.writeprobe.report.RootfsState;
import io.github.writeprobe.text.UntrustedText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A container on the page: its row in the table, its findings, and its evidence.
///
/// @param anchor the id of its evidence on the page
/// @param probedAt when a witness last probed it, in ISO 8601; empty if none has
/// @param cells one for each column
/// @param otherPaths paths without a column
/// @param facts labelled texts about the container, such as its image
public record ContainerRowView(
        String anchor,
        String name,
        String image,
        TonedLabel verdict,
        TonedLabel rootfs,
        String probedAt,
        List<PathWritabilityCell> cells,
        List<PathWritabilityCell> otherPaths,
        List<Fact> facts,
        List<FindingView> findings,
        List<PathEvidenceView> paths,
        List<String> unproved) {
    private static final int MAX_NAME_WIDTH = 120;

    public ContainerRowView {
        cells = List.copyOf(cells);
        otherPaths = List.copyOf(otherPaths);
        facts = List.copyOf(facts);
        findings = List.copyOf(findings);
        paths = List.copyOf(paths);
        unproved = List.copyOf(unproved);
    }

    /// A text with its label.
    public record Fact(String label, String text) {}

    /// The findings of medium severity or worse that are not waived.
    public List<FindingView> activeFindings() {
        return findings.stream().filter(FindingView::isActive).toList();
    }

    static ContainerRowView of(ContainerReport report, String anchor, PathColumnSelection columns) {
        Container c = report.container();
        List<PathEvidenceView> paths =
                IntStream.range(0, report.paths().size())
                        .mapToObj(i ->
                                PathEvidenceView.of(
                                        report, report.paths().get(i), anchor + "-" + i))
                        .toList();
        return new ContainerRowView(
                anchor,
                UntrustedText.clip(c.name(), MAX_NAME_WIDTH),
                UntrustedText.clip(c.image(), MAX_NAME_WIDTH),
                new TonedLabel(LabelTone.of(report.verdict()), report.verdict().label()),
                rootfs(report),
                report.probedAt().map(ContainerRowView::timestamp).orElse(""),
                columns.paths().stream().map(path -> cell(report, paths, path)).toList(),
                IntStream.range(0, paths.size())
                        .filter(i -> PathColumnSelection.isShown(report, report.paths().get(i)))
                        .filter(i -> !columns.paths().contains(report.paths().get(i).path()))
                        .mapToObj(i -> paths.get(i).cell())
                        .toList(),
                facts(report),
                report.findings().stream().map(FindingView::of).toList(),
                paths,
                report.unproved().stream().map(FindingView::clip).toList());
    }

    private static PathWritabilityCell cell(
            ContainerReport report, List<PathEvidenceView> paths, String path) {
        return IntStream.range(0, paths.size())
                .filter(i -> report.paths().get(i).path().equals(path))
                .mapToObj(i -> paths.get(i).cell())
                .findFirst()
                .orElse(PathWritabilityCell.EMPTY);
    }

    private static TonedLabel rootfs(ContainerReport report) {
        RootfsState rootfs = RootfsState.of(report);
        return new TonedLabel(
                switch (rootfs) {
                    case DRIFTED -> LabelTone.BAD;
                    case READ_ONLY -> LabelTone.GOOD;
                    case WRITABLE -> exposedTone(report);
                    case NOT_PROVED -> LabelTone.DOUBT;
                },
                rootfs.label());
    }

    private static LabelTone exposedTone(ContainerReport report) {
        List<Finding> exposed =
                report.findings().stream()
                        .filter(f -> f.kind() == FindingKind.EXPOSED && f.path().equals("/"))
                        .toList();
        if (exposed.isEmpty()) {
            return LabelTone.NONE;
        }
        return exposed.stream().allMatch(Finding::isWaived) ? LabelTone.MILD : LabelTone.BAD;
    }

    private static List<Fact> facts(ContainerReport report) {
        Container c = report.container();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("name", FindingView.clip(c.name())));
        facts.add(new Fact("id", FindingView.clip(c.id())));
        facts.add(new Fact("image", FindingView.clip(c.image())));
        facts.add(new Fact("engine", FindingView.clip(c.engine())));
        facts.add(new Fact("declared", FindingView.clip(ReportWording.declared(c))));
        Stream<Fact> witnesses = report.witnesses().stream().map(ContainerRowView::witness);
        Stream<Fact> leftovers =
                report.leftovers().stream().map(l -> new Fact("not removed", FindingView.clip(l)));
        return Stream.of(facts.stream(), witnesses, leftovers).flatMap(s -> s).toList();
    }

    private static Fact witness(WitnessRun w) {
        String text =
                w.witness().label()
                        + " as "
                        + w.identity().label()
                        + String.format(Locale.ROOT, ", %.0f ms, ", w.duration().toNanos() / 1e6)
                        + timestamp(w.at())
                        + w.trouble().map(t -> ": " + ReportWording.of(t)).orElse("")
                        + w.proofs().map(p -> ", " + ReportWording.of(p)).orElse("");
        return new Fact("witness", FindingView.clip(text));
    }

    static String timestamp(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
