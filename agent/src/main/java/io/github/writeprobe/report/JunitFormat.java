package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.text.UntrustedText;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The report as JUnit XML, for CI systems that show test results: an engine is a suite, and a
/// container is a test case.
///
/// A finding with at least the given severity is a failure. What could not be verified is an error.
/// It is never a passed or skipped test, because CI systems show skipped tests as success. All
/// other findings are in the output of a passed test.
public final class JunitFormat implements ReportFormat {
    private static final int MAX_NAME_LENGTH = 250;
    private static final int MAX_LINE_LENGTH = 1000;

    private final Severity failOn;

    /// @param failOn the lowest severity that is a failure
    public JunitFormat(Severity failOn) {
        this.failOn = requireNonNull(failOn);
    }

    @Override
    public void write(Report report, Writer out) throws IOException {
        Set<String> hosts = new LinkedHashSet<>();
        report.engines().forEach(engine -> hosts.add(engine.host()));
        report.containers().forEach(container -> hosts.add(container.container().engine()));
        List<JunitTestSuite> suites = hosts.stream().map(host -> suite(host, report)).toList();
        JunitXml.write(suites, report.startedAt(), out);
    }

    private JunitTestSuite suite(String host, Report report) {
        List<JunitCase> cases = new ArrayList<>();
        for (EngineReport engine : report.engines()) {
            if (engine.host().equals(host) && engine.error().isPresent()) {
                cases.add(unreachableCase(engine, engine.error().get()));
            }
        }
        for (EngineReport engine : report.engines()) {
            if (engine.host().equals(host) && !engine.excluded().isEmpty()) {
                cases.add(excludedCase(engine));
            }
        }
        for (ContainerReport container : report.containers()) {
            if (container.container().engine().equals(host)) {
                cases.add(containerCase(container));
            }
        }
        return new JunitTestSuite(name(host), cases);
    }

    private static JunitCase unreachableCase(EngineReport engine, String error) {
        String message = "The engine did not answer: " + line(error);
        return new JunitCase(
                name(engine.host()),
                "engine",
                Duration.ZERO,
                new JunitCase.Errored("engine", message, List.of(message)),
                List.of());
    }

    private static JunitCase excludedCase(EngineReport engine) {
        return new JunitCase(
                name(engine.host()),
                "excluded",
                Duration.ZERO,
                new JunitCase.Skipped("Excluded: " + ReportWording.excluded(engine)),
                List.of());
    }

    private JunitCase containerCase(ContainerReport report) {
        String project = report.container().workload().composeProject();
        return new JunitCase(
                name(project.isEmpty() ? report.container().engine() : project),
                name(report.container().name()),
                report.witnesses().stream()
                        .map(WitnessRun::duration)
                        .reduce(Duration.ZERO, Duration::plus),
                outcome(report),
                output(report));
    }

    private JunitCase.Outcome outcome(ContainerReport report) {
        List<Finding> failing = report.activeFindings().stream().filter(this::fails).toList();
        if (!failing.isEmpty()) {
            String kinds =
                    failing.stream()
                            .map(Finding::kind)
                            .map(FindingKind::label)
                            .distinct()
                            .collect(joining(", "));
            Finding worst = failing.getFirst();
            String more = failing.size() == 1 ? "" : " (and " + (failing.size() - 1) + " more)";
            List<String> body = new ArrayList<>();
            failing.forEach(finding -> body.addAll(lines(finding)));
            report.unproved().forEach(why -> body.add("not verified: " + line(why)));
            imageLine(report).ifPresent(body::add);
            return new JunitCase.Failed(kinds, line(worst.message()) + more, body);
        }
        if (!report.unproved().isEmpty()) {
            String message =
                    report.unproved().stream().map(JunitFormat::line).collect(joining(" "));
            List<String> body = new ArrayList<>();
            body.add("image: " + line(report.container().image()));
            report.witnesses().forEach(witness -> witnessLine(witness).ifPresent(body::add));
            imageLine(report).ifPresent(body::add);
            return new JunitCase.Errored("unverified", message, body);
        }
        return new JunitCase.Passed();
    }

    private boolean fails(Finding finding) {
        return finding.severity().isAtLeast(failOn);
    }

    private static Optional<String> imageLine(ContainerReport report) {
        String image = report.container().image();
        return image.isEmpty() ? Optional.empty() : Optional.of("image: " + line(image));
    }

    private static Optional<String> witnessLine(WitnessRun witness) {
        return witness.trouble()
                .map(why ->
                        "witness "
                                + witness.witness().label()
                                + ": "
                                + line(ReportWording.of(why)));
    }

    private List<String> output(ContainerReport report) {
        Stream<String> lower =
                report.activeFindings().stream()
                        .filter(finding -> !fails(finding))
                        .flatMap(finding -> lines(finding).stream());
        Stream<String> waived =
                report.findings().stream().flatMap(finding -> waivedLine(finding).stream());
        Stream<String> leftovers =
                report.leftovers().stream()
                        .map(path -> "probe file that could not be removed: " + line(path));
        return Stream.of(lower, waived, leftovers).flatMap(lines -> lines).toList();
    }

    private static Optional<String> waivedLine(Finding finding) {
        return finding.waiver()
                .map(waiver ->
                        "waived: "
                                + headline(finding)
                                + ". Waiver: "
                                + line(ReportWording.of(waiver)));
    }

    private static List<String> lines(Finding finding) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(finding));
        finding.evidence().forEach(evidence -> lines.add("  evidence: " + line(evidence)));
        lines.add("  remedy: " + line(finding.remedy()));
        return lines;
    }

    private static String headline(Finding finding) {
        return finding.severity().label()
                + " "
                + finding.kind().label()
                + " "
                + line(finding.path())
                + ": "
                + line(finding.message());
    }

    private static String line(String untrusted) {
        return UntrustedText.clip(untrusted, MAX_LINE_LENGTH);
    }

    private static String name(String untrusted) {
        return UntrustedText.clip(untrusted, MAX_NAME_LENGTH);
    }
}
