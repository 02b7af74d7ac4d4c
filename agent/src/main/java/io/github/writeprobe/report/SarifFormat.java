package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.text.AsciiJsonWriter;
import io.github.writeprobe.text.UntrustedText;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// The report as a SARIF 2.1.0 log, for example for GitHub code scanning.
///
/// A finding is a result, and a waived finding is a suppressed result. An unverified container is a
/// result of kind "open": neither passed nor failed. If an engine did not answer, the invocation is
/// not successful.
public final class SarifFormat implements ReportFormat {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    @Override
    public void write(Report report, Writer out) throws IOException {
        AsciiJsonWriter.write(
                out,
                json -> {
                    json.text("$schema", SCHEMA);
                    json.text("version", "2.1.0");
                    json.objects("runs", List.of(report), run -> run(run, json));
                });
    }

    private static void run(Report report, AsciiJsonWriter json) throws IOException {
        json.object("tool", tool -> tool.object("driver", driver -> driver(report, driver)));
        json.objects("invocations", List.of(report), run -> invocation(run, json));
        json.text("columnKind", "utf16CodeUnits");
        json.objects("results", SarifResult.of(report), result -> result(report, result, json));
    }

    private static void driver(Report report, AsciiJsonWriter json) throws IOException {
        json.text("name", "writeprobe");
        json.text("version", UntrustedText.clip(report.toolVersion(), SarifEscape.MAX_WIDTH));
        json.objects("rules", SarifRule.ALL, rule -> rule(rule, json));
    }

    private static void rule(SarifRule rule, AsciiJsonWriter json) throws IOException {
        json.text("id", rule.id());
        json.text("name", rule.name());
        json.object("shortDescription", text -> text.text("text", rule.summary()));
        json.object("fullDescription", text -> text.text("text", rule.meaning()));
        json.object(
                "help",
                help -> {
                    help.text("text", rule.helpText());
                    help.text("markdown", rule.helpMarkdown());
                });
        boolean open = rule.id().equals(SarifRule.UNVERIFIED);
        json.object(
                "defaultConfiguration",
                defaults -> defaults.text("level", open ? "none" : level(rule.defaultSeverity())));
        json.object(
                "properties",
                properties -> {
                    properties.text("security-severity", score(rule.defaultSeverity()));
                    properties.texts("tags", List.of("security", "container", "docker"));
                });
    }

    private static void invocation(Report report, AsciiJsonWriter json) throws IOException {
        Instant end = report.startedAt().plus(report.duration());
        json.bool("executionSuccessful", report.engines().stream().allMatch(EngineReport::isUp));
        json.text("startTimeUtc", report.startedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        json.text("endTimeUtc", end.truncatedTo(ChronoUnit.MILLIS).toString());
        json.objects(
                "toolExecutionNotifications", notifications(report), n -> notification(n, json));
    }

    private record Notification(String level, String message) {}

    private static List<Notification> notifications(Report report) {
        List<Notification> all = new ArrayList<>();
        for (EngineReport engine : report.engines()) {
            if (engine.error().isPresent()) {
                String text =
                        "The engine "
                                + SarifEscape.safe(engine.host())
                                + " did not answer: "
                                + SarifEscape.safe(engine.error().get());
                all.add(new Notification("error", text));
            }
        }
        if (report.excludedCount() > 0) {
            all.add(new Notification("note", "Excluded: " + ReportWording.excluded(report) + "."));
        }
        for (ContainerReport container : report.containers()) {
            for (String leftover : container.leftovers()) {
                String text =
                        "A probe file could not be removed: "
                                + SarifEscape.safe(leftover)
                                + " in "
                                + SarifEscape.safe(container.container().name());
                all.add(new Notification("warning", text));
            }
        }
        return all;
    }

    private static void notification(Notification notification, AsciiJsonWriter json)
            throws IOException {
        json.text("level", notification.level());
        json.object("message", message -> message.text("text", notification.message()));
    }

    private static void result(Report report, SarifResult result, AsciiJsonWriter json)
            throws IOException {
        Container container = result.subject();
        json.text("ruleId", result.rule());
        json.number(
                "ruleIndex",
                SarifRule.ALL.stream().map(SarifRule::id).toList().indexOf(result.rule()));
        json.text("kind", result.severity().isPresent() ? "fail" : "open");
        json.text("level", result.severity().map(SarifFormat::level).orElse("none"));
        json.object("message", message -> message.text("text", result.message()));
        json.objects("locations", List.of(container), place -> location(result, place, json));
        json.object(
                "partialFingerprints",
                fingerprints -> {
                    String fingerprint = result.fingerprint(report);
                    // The only fingerprint that GitHub uses.
                    fingerprints.text("primaryLocationLineHash", fingerprint);
                    fingerprints.text("writeprobeFinding/v1", fingerprint);
                });
        json.objects(
                "suppressions",
                result.waiver().stream().toList(),
                waiver -> suppression(waiver, json));
        json.object(
                "properties",
                properties -> {
                    if (result.severity().isPresent()) {
                        properties.text("severity", result.severity().get().label());
                    }
                    properties.text(
                            "image", UntrustedText.clip(container.image(), SarifEscape.MAX_WIDTH));
                    properties.text(
                            "containerId",
                            UntrustedText.clip(container.id(), SarifEscape.MAX_WIDTH));
                });
    }

    private static void location(SarifResult result, Container container, AsciiJsonWriter json)
            throws IOException {
        // A container has no source file, but GitHub shows only results with a file and a line.
        json.object(
                "physicalLocation",
                physical -> {
                    physical.object(
                            "artifactLocation",
                            artifact -> artifact.text("uri", WorkloadName.of(container).uri()));
                    physical.object("region", region -> region.number("startLine", 1));
                });
        String qualified = container.engine() + "/" + container.name() + result.path();
        json.objects(
                "logicalLocations",
                List.of(qualified),
                name -> {
                    json.text("name", UntrustedText.clip(container.name(), SarifEscape.MAX_WIDTH));
                    json.text(
                            "fullyQualifiedName", UntrustedText.clip(name, SarifEscape.MAX_WIDTH));
                    json.text("kind", "resource");
                });
    }

    private static void suppression(WaiverNote waiver, AsciiJsonWriter json) throws IOException {
        json.text("kind", "external");
        json.text("status", "accepted");
        json.text(
                "justification",
                UntrustedText.clip(ReportWording.of(waiver), SarifEscape.MAX_WIDTH));
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW -> "note";
        };
    }

    /// A score on the scale of CVSS, in the range that GitHub shows as that severity.
    private static String score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.5";
            case HIGH -> "8.0";
            case MEDIUM -> "5.5";
            case LOW -> "2.0";
        };
    }
}
