package io.github.writeprobe.report.html;

import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.report.ReportText;
import io.github.writeprobe.report.UntrustedText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What is to be seen, in the order in which it is.
///
/// @param agent what only a running agent knows; nothing of it in a file
/// @param verdicts how many containers have which
/// @param severities how many findings stand of which
/// @param notes what else counts for the whole, in words
/// @param columns the paths across
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
        List<ContainerGroup> groups) {
    private static final int MAX_PATH_WIDTH = 60;

    public PageModel {
        verdicts = List.copyOf(verdicts);
        severities = List.copyOf(severities);
        engines = List.copyOf(engines);
        notes = List.copyOf(notes);
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
    }

    /// So many of something.
    public record Tally(Mark mark, long count) {}

    /// @param error why it did not answer; empty if it did
    public record Engine(String host, String version, String error) {}

    /// @param running whether an agent keeps the page fresh
    /// @param generation which state of things the page shows
    /// @param warning why it is not to be relied on; empty if it is
    /// @param history the newest first
    public record Live(
            boolean running, String generation, String warning, List<VerdictChangeView> history) {
        static final Live NONE = new Live(false, "", "", List.of());

        public Live {
            history = List.copyOf(history);
        }
    }

    static PageModel of(Report report, Live agent) {
        PathColumns columns = PathColumns.of(report.containers());
        return new PageModel(
                InlinedAssets.INSTANCE,
                agent,
                UntrustedText.escape(report.toolVersion()),
                ContainerRow.timestamp(report.startedAt()),
                String.format(Locale.ROOT, "%.2f s", report.duration().toNanos() / 1e9),
                ReportText.count(report.containers().size(), "container"),
                Arrays.stream(Verdict.values())
                        .map(v -> new Tally(new Mark(Tone.of(v), v.label()), report.count(v)))
                        .toList(),
                Arrays.stream(Severity.values()).map(s -> countActive(report, s)).toList(),
                report.engines().stream().map(PageModel::engine).toList(),
                report.excludedCount() == 0
                        ? List.of()
                        : List.of(ReportText.excluded(report) + " left out"),
                columns.paths().stream().map(p -> UntrustedText.clip(p, MAX_PATH_WIDTH)).toList(),
                ContainerGroup.of(report, columns));
    }

    private static Tally countActive(Report report, Severity severity) {
        return new Tally(
                new Mark(Tone.of(severity), severity.label()),
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

    /// Whether there is a finding to be seen first.
    public boolean hasFindings() {
        return groups.stream().anyMatch(g -> !g.rowsWithFindings().isEmpty());
    }

    /// Whether something could not be verified.
    public boolean hasUnproved() {
        return groups.stream()
                .flatMap(g -> g.rows().stream())
                .anyMatch(r -> !r.unproved().isEmpty());
    }

    /// The window's title: what is wrong, where a tab shows but its beginning.
    public String title() {
        long violating = verdicts.getFirst().count();
        return (violating == 0 ? "" : "✗ " + violating + " · ") + "writeprobe";
    }
}
