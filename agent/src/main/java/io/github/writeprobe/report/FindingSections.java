package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import io.github.writeprobe.text.WrappedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The sections with unwaived findings, the worst first. A section has the remedy, and then all
/// containers that need it. Low findings are only counted.
final class FindingSections {
    private static final int MAX_PARAGRAPHS = 10;
    private static final int MAX_PATH_WIDTH = 60;
    private static final int MAX_MESSAGE_WIDTH = 400;

    private final TerminalStyle style;

    FindingSections(TerminalStyle style) {
        this.style = style;
    }

    private record Topic(Severity severity, FindingKind kind, String remedy) {}

    private record Instance(ContainerReport container, Finding finding) {
        Topic topic() {
            return new Topic(finding.severity(), finding.kind(), finding.remedy());
        }
    }

    /// A text for each section, ending with a newline.
    List<String> render(Report report) {
        Map<Boolean, List<Instance>> byLow =
                report.containers().stream()
                        .flatMap(c -> c.activeFindings().stream().map(f -> new Instance(c, f)))
                        .sorted((a, b) -> a.finding().severity().compareTo(b.finding().severity()))
                        .collect(
                                Collectors.partitioningBy(
                                        i -> i.finding().severity() == Severity.LOW));
        List<String> sections = new ArrayList<>();
        byLow.getOrDefault(false, List.of()).stream()
                .collect(
                        Collectors.groupingBy(
                                Instance::topic, LinkedHashMap::new, Collectors.toList()))
                .forEach((topic, instances) -> sections.add(section(topic, instances)));
        List<Instance> low = byLow.getOrDefault(true, List.of());
        if (!low.isEmpty()) {
            sections.add(summary(low));
        }
        return sections;
    }

    private String section(Topic topic, List<Instance> instances) {
        String heading =
                topic.severity().label().toUpperCase(Locale.ROOT) + " " + topic.kind().label();
        String times =
                instances.size() == 1 ? "" : " " + style.dot() + " " + instances.size() + " times";
        String first = "  " + style.arrow() + " ";
        String remedy =
                WrappedText.wrap(
                        first,
                        " ".repeat(first.length()),
                        UntrustedText.escape(topic.remedy()) + ".",
                        style.columns());
        ContainersGroupedByText containers = new ContainersGroupedByText(style);
        for (Instance i : instances) {
            containers.add(
                    i.container().container().name(),
                    ", "
                            + style.clip(i.finding().path(), MAX_PATH_WIDTH)
                            + ": "
                            + style.clip(i.finding().message(), MAX_MESSAGE_WIDTH));
        }
        return coloured(topic.severity(), heading)
                + times
                + "\n"
                + remedy
                + "\n"
                + containers.paragraphs(MAX_PARAGRAPHS);
    }

    private String coloured(Severity severity, String text) {
        return switch (severity) {
            case CRITICAL, HIGH -> style.bold(style.red(text));
            case MEDIUM -> style.yellow(text);
            case LOW -> style.faint(text);
        };
    }

    private String summary(List<Instance> low) {
        String sums =
                low.stream()
                        .collect(
                                Collectors.groupingBy(
                                        i -> i.finding().kind(),
                                        LinkedHashMap::new,
                                        Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(e -> e.getValue() + " " + e.getKey().label())
                        .collect(Collectors.joining(", "));
        String text =
                "Low findings, not listed: " + sums + ". writeprobe explain CONTAINER shows them.";
        return style.faint(WrappedText.wrap("", "", text, style.columns())) + "\n";
    }
}
