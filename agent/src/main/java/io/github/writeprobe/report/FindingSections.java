package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The findings that stand, the worst first: what to do once, then where. Low ones are summed up.
final class FindingSections {
    private static final int PLACES = 10;
    private static final int PATH_WIDEST = 60;
    private static final int MESSAGE_WIDEST = 400;

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

    /// A text for each topic, ending in a newline.
    List<String> of(Report report) {
        Map<Boolean, List<Instance>> byLow =
                report.containers().stream()
                        .flatMap(c -> c.standing().stream().map(f -> new Instance(c, f)))
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
            sections.add(summed(low));
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
                WrappedText.lines(
                        first,
                        " ".repeat(first.length()),
                        UntrustedText.text(topic.remedy()) + ".",
                        style.columns());
        ContainerList roll = new ContainerList(style);
        for (Instance i : instances) {
            roll.add(
                    i.container().container().name(),
                    ", "
                            + style.clip(i.finding().path(), PATH_WIDEST)
                            + ": "
                            + style.clip(i.finding().message(), MESSAGE_WIDEST));
        }
        return coloured(topic.severity(), heading)
                + times
                + "\n"
                + remedy
                + "\n"
                + roll.paragraphs(PLACES);
    }

    private String coloured(Severity severity, String text) {
        return switch (severity) {
            case CRITICAL, HIGH -> style.bold(style.red(text));
            case MEDIUM -> style.yellow(text);
            case LOW -> style.faint(text);
        };
    }

    private String summed(List<Instance> low) {
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
        String text = "Low, and not listed: " + sums + ". writeprobe explain CONTAINER shows them.";
        return style.faint(WrappedText.lines("", "", text, style.columns())) + "\n";
    }
}
