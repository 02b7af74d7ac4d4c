package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessRun;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds a container's report: only what differs from the defaults has to be given.
final class ContainerReportBuilder {
    private final String name;
    private String id;
    private String engine = Reports.LOCAL;
    private String image = "nginx:1.27";
    private boolean paused;
    private boolean readOnly;
    private boolean privileged;
    private String user = "";
    private Map<String, String> labels = Map.of();
    private List<DeclaredMount> mounts = List.of();
    private Optional<WriteResult.Inconclusive> trouble = Optional.empty();
    private List<PathReport> paths = List.of();
    private List<Finding> findings = List.of();
    private List<String> unproved = List.of();
    private List<String> leftovers = List.of();

    ContainerReportBuilder(String name) {
        this.name = name;
        this.id = String.format("%08x", name.hashCode()).repeat(8);
    }

    ContainerReportBuilder id(String id) {
        this.id = id;
        return this;
    }

    ContainerReportBuilder engine(String engine) {
        this.engine = engine;
        return this;
    }

    ContainerReportBuilder image(String image) {
        this.image = image;
        return this;
    }

    ContainerReportBuilder paused() {
        paused = true;
        return this;
    }

    ContainerReportBuilder readOnly() {
        readOnly = true;
        return this;
    }

    ContainerReportBuilder privileged() {
        privileged = true;
        return this;
    }

    ContainerReportBuilder user(String user) {
        this.user = user;
        return this;
    }

    ContainerReportBuilder labels(Map<String, String> labels) {
        this.labels = labels;
        return this;
    }

    ContainerReportBuilder compose(String project, String service) {
        return labels(
                Map.of(
                        "com.docker.compose.project", project,
                        "com.docker.compose.service", service));
    }

    ContainerReportBuilder swarm(String service) {
        return labels(Map.of("com.docker.swarm.service.name", service));
    }

    ContainerReportBuilder mounts(DeclaredMount... mounts) {
        this.mounts = List.of(mounts);
        return this;
    }

    ContainerReportBuilder inconclusive(WriteResult.Inconclusive trouble) {
        this.trouble = Optional.of(trouble);
        return this;
    }

    ContainerReportBuilder paths(PathReport... paths) {
        this.paths = List.of(paths);
        return this;
    }

    ContainerReportBuilder findings(Finding... findings) {
        this.findings = List.of(findings);
        return this;
    }

    ContainerReportBuilder unproved(String... unproved) {
        this.unproved = List.of(unproved);
        return this;
    }

    ContainerReportBuilder leftovers(String... leftovers) {
        this.leftovers = List.of(leftovers);
        return this;
    }

    ContainerReport compliant() {
        return build(Verdict.COMPLIANT);
    }

    ContainerReport violating() {
        return build(Verdict.VIOLATING);
    }

    ContainerReport unverified() {
        return build(Verdict.UNVERIFIED);
    }

    private ContainerReport build(Verdict verdict) {
        Container container =
                Container.builder(id, name, engine)
                        .image(image)
                        .paused(paused)
                        .readonlyRootfs(readOnly)
                        .mounts(mounts)
                        .user(user)
                        .privileged(privileged)
                        .labels(labels)
                        .build();
        WitnessRun exec =
                new WitnessRun(
                        WitnessName.EXEC,
                        ProbeIdentity.SERVICE,
                        Reports.NOON,
                        Duration.ofMillis(75),
                        trouble,
                        Optional.empty());
        return new ContainerReport(
                container, verdict, List.of(exec), paths, findings, unproved, leftovers);
    }
}
