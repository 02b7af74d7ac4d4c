package io.github.writeprobe.report.html;

import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.report.ReportWords;
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
        InlinedAssets inlined,
        Live agent,
        String version,
        String made,
        String took,
        String containers,
        List<Tally> verdicts,
        List<Tally> severities,
        List<Engine> engines,
        List<String> notes,
        List<String> columns,
        List<ContainerGroup> groups) {
    private static final int PATH_WIDEST = 60;

    public PageModel {
        verdicts = List.copyOf(verdicts);
        severities = List.copyOf(severities);
        engines = List.copyOf(engines);
        notes = List.copyOf(notes);
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
    }

    /// So many of something.
    public record Tally(Mark mark, long number) {}

    /// @param trouble why it did not answer; empty if it did
    public record Engine(String host, String version, String trouble) {}

    /// @param running whether an agent keeps the page fresh
    /// @param generation which state of things the page shows
    /// @param trouble why it is not to be relied on; empty if it is
    /// @param history the newest first
    public record Live(
            boolean running, String generation, String trouble, List<VerdictChangeView> history) {
        static final Live NOT = new Live(false, "", "", List.of());

        public Live {
            history = List.copyOf(history);
        }
    }

    static PageModel of(Report report, Live agent) {
        PathColumns columns = PathColumns.of(report.containers());
        return new PageModel(
                InlinedAssets.OWN,
                agent,
                UntrustedText.text(report.toolVersion()),
                ContainerRow.second(report.startedAt()),
                String.format(Locale.ROOT, "%.2f s", report.took().toNanos() / 1e9),
                ReportWords.count(report.containers().size(), "container"),
                Arrays.stream(Verdict.values())
                        .map(v -> new Tally(new Mark(Tone.of(v), v.label()), report.count(v)))
                        .toList(),
                Arrays.stream(Severity.values()).map(s -> standing(report, s)).toList(),
                report.engines().stream().map(PageModel::engine).toList(),
                report.leftOut() == 0
                        ? List.of()
                        : List.of(ReportWords.leftOut(report) + " left out"),
                columns.paths().stream().map(p -> UntrustedText.clip(p, PATH_WIDEST)).toList(),
                ContainerGroup.of(report, columns));
    }

    private static Tally standing(Report report, Severity severity) {
        return new Tally(
                new Mark(Tone.of(severity), severity.label()),
                report.containers().stream()
                        .flatMap(c -> c.standing().stream())
                        .filter(f -> f.severity() == severity)
                        .count());
    }

    private static Engine engine(EngineReport engine) {
        return new Engine(
                FindingView.text(engine.host()),
                FindingView.text(engine.version()),
                FindingView.text(engine.trouble().orElse("")));
    }

    /// Whether there is a finding to be seen first.
    public boolean complains() {
        return groups.stream().anyMatch(g -> !g.complaining().isEmpty());
    }

    /// Whether something could not be verified.
    public boolean doubts() {
        return groups.stream()
                .flatMap(g -> g.rows().stream())
                .anyMatch(r -> !r.unproved().isEmpty());
    }

    /// The window's title: what is wrong, where a tab shows but its beginning.
    public String title() {
        long violating = verdicts.getFirst().number();
        return (violating == 0 ? "" : "✗ " + violating + " · ") + "writeprobe";
    }
}
