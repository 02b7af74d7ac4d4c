package io.github.writeprobe.report;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import java.io.IOException;
import java.io.Writer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The report for a comment on a pull request or a job summary, in GitHub's Markdown.
public final class MarkdownFormat implements ReportFormat {
    /// GitHub refuses a comment of more than 65,536 characters.
    private static final int MAX_ROWS = 50;

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    @Override
    public void write(Report report, Writer out) throws IOException {
        List<String> blocks = new ArrayList<>();
        blocks.add(summary(report));
        violations(report, blocks);
        low(report, blocks);
        unverified(report, blocks);
        leftovers(report, blocks);
        waived(report, blocks);
        blocks.add(
                "<sub>writeprobe "
                        + MarkdownText.prose(report.toolVersion())
                        + ", "
                        + MINUTE.format(report.startedAt())
                        + "</sub>");
        out.write(String.join("\n\n", blocks) + "\n");
        out.flush();
    }

    private static String summary(Report report) {
        long all = report.containers().size();
        long violating = report.count(Verdict.VIOLATING);
        long unverified = report.count(Verdict.UNVERIFIED);
        long compliant = report.count(Verdict.COMPLIANT);
        long unreachable = report.engines().stream().filter(engine -> !engine.isUp()).count();
        List<String> clauses = new ArrayList<>();
        String of = all == 1 ? " container" : " of " + all + " containers";
        if (violating > 0) {
            clauses.add(
                    "**"
                            + violating
                            + of
                            + (violating == 1 ? " violates" : " violate")
                            + " policy**");
        }
        if (unverified > 0) {
            clauses.add("**" + unverified + (violating > 0 ? "" : of) + " could not be verified**");
        }
        if (unreachable > 0) {
            clauses.add("**" + ReportWording.count(unreachable, "engine") + " did not answer**");
        }
        if (compliant > 0) {
            clauses.add(
                    compliant
                            + (violating + unverified > 0 ? "" : of)
                            + (compliant == 1 ? " complies" : " comply"));
        }
        if (all == 0) {
            clauses.add("no running container was found");
        }
        if (report.excludedCount() > 0) {
            clauses.add(ReportWording.excluded(report) + " excluded");
        }
        return "**writeprobe:** " + String.join(", ", clauses) + ".";
    }

    private static void violations(Report report, List<String> blocks) {
        List<String> rows = new ArrayList<>();
        for (ContainerReport container : report.containers()) {
            for (Finding finding : container.activeFindings()) {
                if (finding.severity() != Severity.LOW) {
                    rows.add(
                            row(
                                    finding.severity().label(),
                                    containerName(container, report),
                                    MarkdownText.code(finding.path()),
                                    "**"
                                            + finding.kind().label()
                                            + "**: "
                                            + MarkdownText.prose(finding.message()),
                                    MarkdownText.prose(finding.remedy())));
                }
            }
        }
        if (!rows.isEmpty()) {
            blocks.add("### Violating");
            table(
                    List.of("Severity", "Container", "Path", "What is wrong", "Remedy"),
                    rows,
                    blocks);
        }
    }

    private static void low(Report report, List<String> blocks) {
        Map<FindingKind, Integer> counts = new EnumMap<>(FindingKind.class);
        report.containers().stream()
                .flatMap(container -> container.activeFindings().stream())
                .filter(finding -> finding.severity() == Severity.LOW)
                .forEach(finding -> counts.merge(finding.kind(), 1, Integer::sum));
        if (!counts.isEmpty()) {
            long all = counts.values().stream().mapToInt(Integer::intValue).sum();
            blocks.add(
                    ReportWording.count(all, "finding")
                            + " of low severity: "
                            + counts.entrySet().stream()
                                    .map(count -> count.getValue() + " " + count.getKey().label())
                                    .collect(joining(", "))
                            + ".");
        }
    }

    private static void unverified(Report report, List<String> blocks) {
        List<String> items = new ArrayList<>();
        for (EngineReport engine : report.engines()) {
            if (engine.error().isPresent()) {
                items.add(
                        "Engine "
                                + MarkdownText.code(engine.host())
                                + " did not answer: "
                                + MarkdownText.prose(engine.error().get()));
            }
        }
        for (ContainerReport container : report.containers()) {
            if (!container.unproved().isEmpty()) {
                items.add(
                        containerName(container, report)
                                + ": "
                                + container.unproved().stream()
                                        .map(MarkdownText::prose)
                                        .collect(joining(" ")));
            }
        }
        if (!items.isEmpty()) {
            blocks.add("### Not verified");
            list(items, blocks);
        }
    }

    private static void leftovers(Report report, List<String> blocks) {
        List<String> items = new ArrayList<>();
        for (ContainerReport container : report.containers()) {
            for (String leftover : container.leftovers()) {
                items.add(MarkdownText.code(leftover) + " in " + containerName(container, report));
            }
        }
        if (!items.isEmpty()) {
            blocks.add("### Probe files not removed");
            blocks.add("writeprobe could not remove its probe files in these directories:");
            list(items, blocks);
        }
    }

    private static void waived(Report report, List<String> blocks) {
        List<String> rows = new ArrayList<>();
        for (ContainerReport container : report.containers()) {
            for (Finding finding : container.findings()) {
                if (finding.waiver().isPresent()) {
                    rows.add(
                            row(finding, finding.waiver().get(), containerName(container, report)));
                }
            }
        }
        if (!rows.isEmpty()) {
            blocks.add(
                    "<details><summary>"
                            + ReportWording.count(rows.size(), "waived finding")
                            + "</summary>");
            table(
                    List.of("Container", "Finding", "Path", "Reason", "Owner", "Until"),
                    rows,
                    blocks);
            blocks.add("</details>");
        }
    }

    private static String row(Finding finding, WaiverNote waiver, String containerName) {
        return row(
                containerName,
                finding.severity().label() + " " + finding.kind().label(),
                MarkdownText.code(finding.path()),
                MarkdownText.prose(waiver.reason()),
                MarkdownText.prose(waiver.owner()),
                waiver.expires().map(Object::toString).orElse("no expiry"));
    }

    /// The container's name. If several engines answered, two containers can have the same name, so
    /// the engine is added.
    private static String containerName(ContainerReport container, Report report) {
        String name = MarkdownText.code(container.container().name());
        return report.engines().stream().filter(EngineReport::isUp).count() > 1
                ? name + " on " + MarkdownText.code(container.container().engine())
                : name;
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static void table(List<String> head, List<String> rows, List<String> blocks) {
        List<String> lines = new ArrayList<>();
        lines.add(row(head.toArray(String[]::new)));
        lines.add("|" + " --- |".repeat(head.size()));
        rows.stream().limit(MAX_ROWS).forEach(lines::add);
        blocks.add(String.join("\n", lines));
        remainder(rows, blocks);
    }

    private static void list(List<String> items, List<String> blocks) {
        blocks.add(items.stream().limit(MAX_ROWS).map(item -> "- " + item).collect(joining("\n")));
        remainder(items, blocks);
    }

    private static void remainder(List<String> all, List<String> blocks) {
        if (all.size() > MAX_ROWS) {
            blocks.add("… and " + (all.size() - MAX_ROWS) + " more; the JSON report has them all.");
        }
    }
}
