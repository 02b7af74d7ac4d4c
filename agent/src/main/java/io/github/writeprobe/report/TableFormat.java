package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.WrappedText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The report for people at a terminal: first the containers, the worst first, then the findings
/// with remedies, and the totals last.
///
/// Equal findings of many containers are grouped. Low findings and long lists are shortened; the
/// JSON report has everything.
public final class TableFormat implements ReportFormat {
    private static final int MAX_COMPLIANT = 20;
    private static final int MAX_PARAGRAPHS = 20;
    private static final int MAX_NAME_WIDTH = 40;
    private static final int MAX_PATH_WIDTH = 60;
    private static final int MAX_TEXT_WIDTH = 400;

    private final TerminalStyle style;

    public TableFormat(TerminalStyle style) {
        this.style = style;
    }

    @Override
    public void write(Report report, Writer out) throws IOException {
        List<String> sections = new ArrayList<>();
        sections.add(engines(report));
        sections.add(table(report));
        sections.addAll(new FindingSections(style).render(report));
        sections.add(unverified(report));
        sections.add(waived(report));
        sections.add(leftovers(report));
        sections.add(missingProof(report));
        sections.add(summary(report));
        out.append(sections.stream().filter(s -> !s.isEmpty()).collect(Collectors.joining("\n")));
        out.flush();
    }

    private String engines(Report report) {
        return report.engines().stream()
                .filter(e -> !e.isUp())
                .map(this::unreachable)
                .collect(Collectors.joining());
    }

    private String unreachable(EngineReport engine) {
        return WrappedText.wrap(
                        style.red(style.crossMark()) + " ",
                        "  ",
                        style.clip(engine.error().orElse(""), MAX_TEXT_WIDTH),
                        style.columns())
                + "\n";
    }

    private String table(Report report) {
        List<ContainerReport> shown =
                Stream.concat(
                                report.containers().stream()
                                        .filter(c -> c.verdict() != Verdict.COMPLIANT),
                                report.containers().stream()
                                        .filter(c -> c.verdict() == Verdict.COMPLIANT)
                                        .limit(MAX_COMPLIANT))
                        .toList();
        int hidden = report.containers().size() - shown.size();
        return new TerminalContainerTable(style).render(shown)
                + (hidden == 0
                        ? ""
                        : "  "
                                + style.ellipsis()
                                + " and "
                                + ReportWording.count(hidden, "more compliant container")
                                + "\n");
    }

    private String unverified(Report report) {
        ContainersGroupedByText containers = new ContainersGroupedByText(style);
        report.containers().stream()
                .filter(c -> !c.unproved().isEmpty())
                .forEach(c ->
                        containers.add(
                                c.container().name(),
                                ": "
                                        + style.clip(
                                                String.join("; ", c.unproved()), MAX_TEXT_WIDTH)));
        return section(style.yellow("UNVERIFIED"), containers);
    }

    private String waived(Report report) {
        ContainersGroupedByText containers = new ContainersGroupedByText(style);
        for (ContainerReport c : report.containers()) {
            for (Finding f : c.findings()) {
                f.waiver()
                        .ifPresent(w ->
                                containers.add(
                                        c.container().name(),
                                        style.clip(
                                                ", "
                                                        + f.path()
                                                        + ": "
                                                        + f.kind().label()
                                                        + ": "
                                                        + ReportWording.of(w),
                                                MAX_TEXT_WIDTH)));
            }
        }
        return section(style.faint("WAIVED"), containers);
    }

    private static String section(String title, ContainersGroupedByText containers) {
        String paragraphs = containers.paragraphs(MAX_PARAGRAPHS);
        return paragraphs.isEmpty() ? "" : title + "\n" + paragraphs;
    }

    private String leftovers(Report report) {
        return report.containers().stream()
                .flatMap(c -> c.leftovers().stream().map(path -> leftover(c, path)))
                .collect(Collectors.joining());
    }

    private String leftover(ContainerReport c, String path) {
        String text =
                "A probe file in "
                        + style.clip(path, MAX_PATH_WIDTH)
                        + " of "
                        + style.clip(c.container().name(), MAX_NAME_WIDTH)
                        + " could not be removed. Remove .writeprobe-* there.";
        return WrappedText.wrap("", "", text, style.columns()) + "\n";
    }

    private String missingProof(Report report) {
        String text = new DoctorHint(report).text();
        return text.isEmpty() ? "" : WrappedText.wrap("", "", text, style.columns()) + "\n";
    }

    private String summary(Report report) {
        String verdicts =
                Stream.of(Verdict.VIOLATING, Verdict.UNVERIFIED, Verdict.COMPLIANT)
                        .filter(v -> report.count(v) > 0)
                        .map(v -> coloured(v, report.count(v) + " " + v.label()))
                        .collect(Collectors.joining(", "));
        String severities =
                Arrays.stream(Severity.values())
                        .map(s -> Map.entry(s, countActive(report, s)))
                        .filter(e -> e.getValue() > 0)
                        .map(e -> e.getValue() + " " + e.getKey().label())
                        .collect(Collectors.joining(", "));
        long unreachableCount = report.engines().stream().filter(e -> !e.isUp()).count();
        String engines =
                unreachableCount == 0
                        ? ""
                        : ReportWording.count(unreachableCount, "engine") + " did not answer";
        String excluded =
                report.excludedCount() == 0
                        ? ""
                        : ReportWording.excluded(report) + " excluded (--format json lists them)";
        String dot = " " + style.dot() + " ";
        String text =
                ReportWording.count(report.containers().size(), "container")
                        + (verdicts.isEmpty() ? "" : ": " + verdicts)
                        + (severities.isEmpty() ? "" : dot + "findings: " + severities)
                        + (engines.isEmpty() ? "" : dot + style.red(engines))
                        + (excluded.isEmpty() ? "" : dot + excluded)
                        + dot
                        + String.format(Locale.ROOT, "%.2f s", report.duration().toNanos() / 1e9);
        return WrappedText.wrap("", "", text, style.columns()) + "\n";
    }

    private String coloured(Verdict verdict, String text) {
        return switch (verdict) {
            case VIOLATING -> style.red(text);
            case UNVERIFIED -> style.yellow(text);
            case COMPLIANT -> style.green(text);
        };
    }

    private static long countActive(Report report, Severity severity) {
        return report.containers().stream()
                .flatMap(c -> c.activeFindings().stream())
                .filter(f -> f.severity() == severity)
                .count();
    }
}
