package io.github.writeprobe.report.html;

import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.report.ReportWording;
import io.github.writeprobe.text.UntrustedText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The content of the page.
///
/// @param agent what only a running agent knows; [Live#NONE] in a file
/// @param verdicts the number of containers with each verdict
/// @param severities the number of unwaived findings with each severity
/// @param notes other texts about the whole report
/// @param columns the paths that have a column
public record PageModel(
        InlinedAssets assets,
        Live agent,
        String version,
        String createdAt,
        String duration,
        String containers,
        List<Tally> verdicts,
        List<Tally> severities,
        List<Engine> engines,
        List<String> notes,
        List<String> columns,
        List<ContainerGroupView> groups) {
    private static final int MAX_PATH_WIDTH = 60;

    public PageModel {
        verdicts = List.copyOf(verdicts);
        severities = List.copyOf(severities);
        engines = List.copyOf(engines);
        notes = List.copyOf(notes);
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
    }

    /// A number of things.
    public record Tally(TonedLabel mark, long count) {}

    /// @param error why the engine did not answer; empty if it did
    public record Engine(String host, String version, String error) {}

    /// @param running whether an agent keeps the page up to date
    /// @param generation the id of the state that the page shows
    /// @param warning why the page may be out of date; empty if it is not
    /// @param history the newest change first
    public record Live(
            boolean running, String generation, String warning, List<VerdictChangeView> history) {
        static final Live NONE = new Live(false, "", "", List.of());

        public Live {
            history = List.copyOf(history);
        }
    }

    static PageModel of(Report report, Live agent) {
        PathColumnSelection columns = PathColumnSelection.of(report.containers());
        return new PageModel(
                InlinedAssets.INSTANCE,
                agent,
                UntrustedText.escape(report.toolVersion()),
                ContainerRowView.timestamp(report.startedAt()),
                String.format(Locale.ROOT, "%.2f s", report.duration().toNanos() / 1e9),
                ReportWording.count(report.containers().size(), "container"),
                Arrays.stream(Verdict.values())
                        .map(v ->
                                new Tally(
                                        new TonedLabel(LabelTone.of(v), v.label()),
                                        report.count(v)))
                        .toList(),
                Arrays.stream(Severity.values()).map(s -> countActive(report, s)).toList(),
                report.engines().stream().map(PageModel::engine).toList(),
                report.excludedCount() == 0
                        ? List.of()
                        : List.of(ReportWording.excluded(report) + " excluded"),
                columns.paths().stream().map(p -> UntrustedText.clip(p, MAX_PATH_WIDTH)).toList(),
                ContainerGroupView.of(report, columns));
    }

    private static Tally countActive(Report report, Severity severity) {
        return new Tally(
                new TonedLabel(LabelTone.of(severity), severity.label()),
                report.containers().stream()
                        .flatMap(c -> c.activeFindings().stream())
                        .filter(f -> f.severity() == severity)
                        .count());
    }

    private static Engine engine(EngineReport engine) {
        return new Engine(
                FindingView.clip(engine.host()),
                FindingView.clip(engine.version()),
                FindingView.clip(engine.error().orElse("")));
    }

    /// Whether there is a finding of medium severity or worse that is not waived.
    public boolean hasFindings() {
        return groups.stream().anyMatch(g -> !g.rowsWithFindings().isEmpty());
    }

    /// Whether something could not be verified.
    public boolean hasUnproved() {
        return groups.stream()
                .flatMap(g -> g.rows().stream())
                .anyMatch(r -> !r.unproved().isEmpty());
    }

    /// The page's title. The number of violating containers is first, because a browser tab shows
    /// only the beginning.
    public String title() {
        long violating = verdicts.getFirst().count();
        return (violating == 0 ? "" : "✗ " + violating + " · ") + "writeprobe";
    }
}
