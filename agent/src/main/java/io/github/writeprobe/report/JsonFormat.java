package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProvedPathCounts;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.text.AsciiJsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The whole report for programs, as described by `config/report.schema.json`. Untrusted texts are
/// exact in it, except for unpaired surrogates.
public final class JsonFormat implements ReportFormat {
    private static final String SCHEMA = "writeprobe/report/v1";

    @Override
    public void write(Report report, Writer out) throws IOException {
        AsciiJsonWriter.write(out, json -> report(report, json));
    }

    private static void report(Report report, AsciiJsonWriter json) throws IOException {
        json.text("schema", SCHEMA);
        json.object(
                "tool",
                tool -> {
                    tool.text("name", "writeprobe");
                    tool.text("version", report.toolVersion());
                });
        json.objects("engines", report.engines(), engine -> engine(engine, json));
        json.instant("startedAt", report.startedAt());
        json.seconds("durationSeconds", report.duration());
        json.object("summary", summary -> summary(report, summary));
        json.objects("containers", report.containers(), container -> container(container, json));
    }

    private static void engine(EngineReport engine, AsciiJsonWriter json) throws IOException {
        json.text("host", engine.host());
        json.textIfAny("version", engine.version());
        json.textIfAny("apiVersion", engine.apiVersion());
        if (engine.error().isPresent()) {
            json.text("error", engine.error().get());
        }
        json.objects(
                "leftOut",
                engine.excluded(),
                container -> {
                    json.text("id", container.id());
                    json.text("name", container.name());
                    json.text("reason", container.reason().label());
                });
    }

    private static void summary(Report report, AsciiJsonWriter json) throws IOException {
        json.number("containers", report.containers().size());
        json.number("compliant", report.count(Verdict.COMPLIANT));
        json.number("violating", report.count(Verdict.VIOLATING));
        json.number("unverified", report.count(Verdict.UNVERIFIED));
        json.number(
                "waived",
                report.containers().stream()
                        .flatMap(c -> c.findings().stream())
                        .filter(Finding::isWaived)
                        .count());
        json.number("leftOut", report.excludedCount());
        json.object(
                "findings",
                findings -> {
                    for (Map.Entry<FindingKind, Integer> count :
                            report.findingCounts().entrySet()) {
                        findings.number(count.getKey().label(), count.getValue());
                    }
                });
    }

    private static void container(ContainerReport report, AsciiJsonWriter json) throws IOException {
        Container container = report.container();
        WorkloadLabels workload = container.workload();
        json.text("id", container.id());
        json.text("name", container.name());
        json.text("image", container.image());
        json.text("engine", container.engine());
        json.textIfAny("composeProject", workload.composeProject());
        json.textIfAny("composeService", workload.composeService());
        json.textIfAny("swarmService", workload.swarmService());
        json.textIfAny("pod", workload.pod());
        json.textIfAny("namespace", workload.namespace());
        json.textIfAny("kubernetesContainer", workload.kubernetesContainer());
        json.textIfAny("user", container.user());
        json.bool("privileged", container.privileged());
        json.bool("paused", container.paused());
        json.bool("readonlyRootfs", container.readonlyRootfs());
        json.text("verdict", report.verdict().label());
        json.objects("witnesses", report.witnesses(), witness -> witness(witness, json));
        json.objects("paths", report.paths(), path -> path(path, json));
        json.objects("findings", report.findings(), finding -> finding(finding, json));
        json.texts("unproved", report.unproved());
        json.texts("leftovers", report.leftovers());
    }

    private static void witness(WitnessRun report, AsciiJsonWriter json) throws IOException {
        json.text("name", report.witness().label());
        json.text("identity", report.identity().label());
        json.instant("askedAt", report.at());
        json.seconds("durationSeconds", report.duration());
        if (report.trouble().isPresent()) {
            json.text("inconclusive", ReportWording.of(report.trouble().get()));
        }
        if (report.proofs().isPresent()) {
            ProvedPathCounts proofs = report.proofs().get();
            json.object(
                    "mountProofs",
                    object -> {
                        object.instant("everyPathTriedAt", proofs.triedAt());
                        mounts("readOnly", proofs.readOnly(), json);
                        mounts("writable", proofs.writable(), json);
                    });
        }
    }

    private static void mounts(String name, Map<String, Integer> pathCounts, AsciiJsonWriter json)
            throws IOException {
        json.objects(
                name,
                List.copyOf(new TreeMap<>(pathCounts).entrySet()),
                mount -> {
                    json.text("point", mount.getKey());
                    json.number("paths", mount.getValue());
                });
    }

    private static void path(PathReport report, AsciiJsonWriter json) throws IOException {
        json.text("path", report.path());
        json.object("mount", mount -> mount(report, mount));
        json.textOrNull("declared", report.declaredWritable().map(ReportWording::access));
        json.object(
                "expectation",
                expectation -> {
                    expectation.text("access", report.expectation().access().label());
                    expectation.bool("noexec", report.expectation().noexec());
                    expectation.text("rule", report.expectation().rule());
                });
        json.objects(
                "observations",
                report.observations(),
                observation -> observation(observation, json));
    }

    private static void mount(PathReport report, AsciiJsonWriter json) throws IOException {
        json.text("kind", report.kind().label());
        json.text("point", report.mountPoint());
        json.text("source", report.source());
        json.text("persistence", report.persistence().label());
        if (report.entry().isPresent()) {
            MountEntry entry = report.entry().get();
            json.texts("options", entry.options());
            json.text("line", entry.line());
        }
    }

    private static void observation(PathObservation observation, AsciiJsonWriter json)
            throws IOException {
        json.text("witness", observation.witness().label());
        json.text("identity", observation.identity().label());
        if (observation.uid().isPresent()) {
            json.number("uid", observation.uid().getAsInt());
        }
        if (!observation.resolved().equals(observation.path())) {
            json.text("resolved", observation.resolved());
        }
        json.text("write", write(observation.write()));
        json.text("execute", execute(observation.execute()));
        json.textOrNull("errno", errno(observation.write()));
        switch (observation.write()) {
            case WriteResult.Refused refused -> {
                json.bool("created", refused.created());
                json.textIfAny("detail", refused.detail());
            }
            case WriteResult.Inconclusive inconclusive ->
                    json.object(
                            "inconclusive",
                            why -> {
                                why.text("cause", inconclusive.cause().label());
                                why.text("detail", inconclusive.detail());
                            });
            case WriteResult.Writable _, WriteResult.Absent _ -> {}
        }
    }

    private static String write(WriteResult write) {
        return switch (write) {
            case WriteResult.Writable _ -> "writable";
            case WriteResult.Refused _ -> "refused";
            case WriteResult.Absent _ -> "absent";
            case WriteResult.Inconclusive _ -> "inconclusive";
        };
    }

    private static String execute(FileExecutionResult execute) {
        return switch (execute) {
            case FileExecutionResult.Ran _ -> "executable";
            case FileExecutionResult.Refused _ -> "refused";
            case FileExecutionResult.Untested _ -> "untested";
        };
    }

    private static Optional<String> errno(WriteResult write) {
        return write instanceof WriteResult.Refused refused
                ? Optional.of(refused.errno().name())
                : Optional.empty();
    }

    private static void finding(Finding finding, AsciiJsonWriter json) throws IOException {
        json.text("kind", finding.kind().label());
        json.text("severity", finding.severity().label());
        json.text("path", finding.path());
        json.text("message", finding.message());
        json.text("remedy", finding.remedy());
        json.texts("evidence", finding.evidence());
        if (finding.onset().isPresent()) {
            json.text("since", finding.onset().get().found().toString());
        }
        if (finding.actor().isPresent()) {
            json.object("actor", actor -> MountActorJson.write(finding.actor().get(), actor));
        }
        if (finding.waiver().isPresent()) {
            json.object(
                    "waiver",
                    waiver -> {
                        waiver.text("reason", finding.waiver().get().reason());
                        waiver.text("owner", finding.waiver().get().owner());
                        waiver.textOrNull(
                                "expires",
                                finding.waiver().get().expires().map(LocalDate::toString));
                    });
        } else {
            json.nullValue("waiver");
        }
        json.texts("references", finding.kind().references());
    }
}
