package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// For people at a terminal: who is wrong first, then why and what to do, the sum last.
///
/// What many containers have in common is said once. Low findings and long lists are summed up;
/// JSON has them all.
public final class TableFormat implements ReportFormat {
    private static final int COMPLIANT_SHOWN = 20;
    private static final int SHOWN_PER_GROUP = 10;

    private final Style style;

    public TableFormat(Style style) {
        this.style = style;
    }

    @Override
    public void write(Report report, Writer out) throws IOException {
        for (EngineReport engine : report.engines()) {
            if (!engine.up()) {
                out.append(
                                Wrapped.lines(
                                        style.red(style.bad()) + " ",
                                        "  ",
                                        Plain.text(engine.trouble().orElse("")),
                                        style.columns()))
                        .append("\n\n");
            }
        }
        new ContainerTable(style).write(shown(report), out);
        long hidden = report.count(Verdict.COMPLIANT) - COMPLIANT_SHOWN;
        if (hidden > 0) {
            out.append("  " + style.ellipsis() + " and " + hidden + " more compliant containers\n");
        }
        findings(report, out);
        unverified(report, out);
        waived(report, out);
        leftovers(report, out);
        summary(report, out);
    }

    private static List<ContainerReport> shown(Report report) {
        List<ContainerReport> shown =
                new ArrayList<>(
                        report.containers().stream()
                                .filter(c -> c.verdict() != Verdict.COMPLIANT)
                                .toList());
        report.containers().stream()
                .filter(c -> c.verdict() == Verdict.COMPLIANT)
                .limit(COMPLIANT_SHOWN)
                .forEach(shown::add);
        return shown;
    }

    private record Topic(Severity severity, FindingKind kind, String remedy) {}

    private record Instance(ContainerReport container, Finding finding) {}

    private void findings(Report report, Writer out) throws IOException {
        Map<Topic, List<Instance>> topics = new LinkedHashMap<>();
        for (Severity severity : Severity.values()) {
            for (ContainerReport container : report.containers()) {
                container.standing().stream()
                        .filter(f -> f.severity() == severity && severity != Severity.LOW)
                        .forEach(f ->
                                topics.computeIfAbsent(
                                                new Topic(severity, f.kind(), f.remedy()),
                                                t -> new ArrayList<>())
                                        .add(new Instance(container, f)));
            }
        }
        for (Map.Entry<Topic, List<Instance>> topic : topics.entrySet()) {
            topic(topic.getKey(), topic.getValue(), out);
        }
        low(report, out);
    }

    private void topic(Topic topic, List<Instance> instances, Writer out) throws IOException {
        String heading =
                topic.severity().label().toUpperCase(Locale.ROOT) + " " + topic.kind().label();
        out.append("\n" + severity(topic.severity(), heading));
        if (instances.size() > 1) {
            out.append(" " + style.dot() + " " + instances.size() + " times");
        }
        out.append("\n");
        out.append(
                Wrapped.lines(
                        "  " + style.arrow() + " ",
                        " ".repeat(3 + style.arrow().length()),
                        topic.remedy() + ".",
                        style.columns()));
        out.append("\n");
        for (Instance instance :
                instances.subList(0, Math.min(SHOWN_PER_GROUP, instances.size()))) {
            String name = Plain.clip(Plain.text(instance.container().container().name()), 40);
            String text =
                    name
                            + ", "
                            + Plain.clip(Plain.text(instance.finding().path()), 60)
                            + ": "
                            + Plain.clip(Plain.text(instance.finding().message()), 400);
            out.append(
                    Wrapped.lines("    ", "      ", text, style.columns())
                            .replaceFirst(
                                    java.util.regex.Pattern.quote(name),
                                    java.util.regex.Matcher.quoteReplacement(style.bold(name))));
            out.append("\n");
        }
        if (instances.size() > SHOWN_PER_GROUP) {
            out.append(
                    "    "
                            + style.ellipsis()
                            + " and "
                            + (instances.size() - SHOWN_PER_GROUP)
                            + " more\n");
        }
    }

    private String severity(Severity severity, String text) {
        return switch (severity) {
            case CRITICAL, HIGH -> style.bold(style.red(text));
            case MEDIUM -> style.yellow(text);
            case LOW -> style.faint(text);
        };
    }

    private void low(Report report, Writer out) throws IOException {
        Map<FindingKind, Long> low =
                report.containers().stream()
                        .flatMap(c -> c.standing().stream())
                        .filter(f -> f.severity() == Severity.LOW)
                        .collect(
                                Collectors.groupingBy(
                                        Finding::kind, LinkedHashMap::new, Collectors.counting()));
        if (low.isEmpty()) {
            return;
        }
        String sums =
                low.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey().label())
                        .collect(Collectors.joining(", "));
        out.append("\n")
                .append(
                        style.faint(
                                Wrapped.lines(
                                        "",
                                        "",
                                        "Low, and not listed: "
                                                + sums
                                                + ". writeprobe explain CONTAINER shows them.",
                                        style.columns())))
                .append("\n");
    }

    private void unverified(Report report, Writer out) throws IOException {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        report.containers().stream()
                .filter(c -> !c.unproved().isEmpty())
                .forEach(c ->
                        byReason.computeIfAbsent(
                                        String.join("; ", c.unproved()), r -> new ArrayList<>())
                                .add(c.container().name()));
        if (byReason.isEmpty()) {
            return;
        }
        out.append("\n" + style.yellow("UNVERIFIED") + "\n");
        for (Map.Entry<String, List<String>> reason : byReason.entrySet()) {
            List<String> names = reason.getValue();
            String who =
                    names.stream()
                            .limit(SHOWN_PER_GROUP)
                            .map(n -> Plain.clip(Plain.text(n), 40))
                            .collect(Collectors.joining(", "));
            if (names.size() > SHOWN_PER_GROUP) {
                who += " and " + (names.size() - SHOWN_PER_GROUP) + " more";
            }
            out.append(
                    Wrapped.lines(
                            "    ",
                            "      ",
                            who + ": " + Plain.clip(Plain.text(reason.getKey()), 600),
                            style.columns()));
            out.append("\n");
        }
    }

    private void waived(Report report, Writer out) throws IOException {
        List<String> lines = new ArrayList<>();
        for (ContainerReport c : report.containers()) {
            for (Finding f : c.findings()) {
                f.waiver()
                        .ifPresent(w ->
                                lines.add(
                                        Plain.text(
                                                c.container().name()
                                                        + ", "
                                                        + f.path()
                                                        + ": "
                                                        + f.kind().label()
                                                        + ", by "
                                                        + w.owner()
                                                        + w.expires()
                                                                .map(d -> " until " + d)
                                                                .orElse("")
                                                        + ": "
                                                        + w.reason())));
            }
        }
        if (!lines.isEmpty()) {
            out.append("\n" + style.faint("WAIVED") + "\n");
            for (String line : lines) {
                out.append(
                        Wrapped.lines("    ", "      ", Plain.clip(line, 400), style.columns())
                                + "\n");
            }
        }
    }

    private void leftovers(Report report, Writer out) throws IOException {
        for (ContainerReport c : report.containers()) {
            for (String path : c.leftovers()) {
                out.append(
                        "\n"
                                + Wrapped.lines(
                                        "",
                                        "",
                                        Plain.text(
                                                "The probe file in "
                                                        + path
                                                        + " of "
                                                        + c.container().name()
                                                        + " could not be removed: look for .writeprobe-* there."),
                                        style.columns())
                                + "\n");
            }
        }
    }

    private void summary(Report report, Writer out) throws IOException {
        int n = report.containers().size();
        List<String> parts = new ArrayList<>();
        count(parts, report.count(Verdict.VIOLATING), Verdict.VIOLATING);
        count(parts, report.count(Verdict.UNVERIFIED), Verdict.UNVERIFIED);
        count(parts, report.count(Verdict.COMPLIANT), Verdict.COMPLIANT);
        String counts = parts.isEmpty() ? "" : ": " + String.join(", ", parts);
        String severities =
                Arrays.stream(Severity.values())
                        .map(s -> Map.entry(s, standing(report, s)))
                        .filter(e -> e.getValue() > 0)
                        .map(e -> e.getValue() + " " + e.getKey().label())
                        .collect(Collectors.joining(", "));
        out.append("\n" + n + (n == 1 ? " container" : " containers") + counts);
        if (!severities.isEmpty()) {
            out.append(" " + style.dot() + " findings: " + severities);
        }
        out.append(
                String.format(
                        Locale.ROOT, " %s %.2f s%n", style.dot(), report.took().toNanos() / 1e9));
    }

    private void count(List<String> parts, long n, Verdict verdict) {
        if (n > 0) {
            String text = n + " " + verdict.label();
            parts.add(
                    switch (verdict) {
                        case VIOLATING -> style.red(text);
                        case UNVERIFIED -> style.yellow(text);
                        case COMPLIANT -> style.green(text);
                    });
        }
    }

    private static long standing(Report report, Severity severity) {
        return report.containers().stream()
                .flatMap(c -> c.standing().stream())
                .filter(f -> f.severity() == severity)
                .count();
    }
}
