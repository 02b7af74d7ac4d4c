package io.github.writeprobe.report;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WitnessReport;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Builds a container's report from what is special about it.
final class Subject {
    private final String name;
    private String image = "nginx:1.27";
    private boolean paused;
    private boolean readOnly;
    private boolean privileged;
    private String user = "";
    private Map<String, String> labels = Map.of();
    private List<DeclaredMount> mounts = List.of();
    private Optional<Write.Inconclusive> trouble = Optional.empty();
    private List<PathReport> paths = List.of();
    private List<Finding> findings = List.of();
    private List<String> unproved = List.of();
    private List<String> leftovers = List.of();

    Subject(String name) {
        this.name = name;
    }

    Subject image(String image) {
        this.image = image;
        return this;
    }

    Subject pausedNow() {
        paused = true;
        return this;
    }

    Subject readOnly() {
        readOnly = true;
        return this;
    }

    Subject privileged() {
        privileged = true;
        return this;
    }

    Subject user(String user) {
        this.user = user;
        return this;
    }

    Subject labels(Map<String, String> labels) {
        this.labels = labels;
        return this;
    }

    Subject compose(String project, String service) {
        return labels(
                Map.of(
                        "com.docker.compose.project", project,
                        "com.docker.compose.service", service));
    }

    Subject swarm(String service) {
        return labels(Map.of("com.docker.swarm.service.name", service));
    }

    Subject mounts(DeclaredMount... mounts) {
        this.mounts = List.of(mounts);
        return this;
    }

    Subject silent(Write.Inconclusive trouble) {
        this.trouble = Optional.of(trouble);
        return this;
    }

    Subject paths(PathReport... paths) {
        this.paths = List.of(paths);
        return this;
    }

    Subject findings(Finding... findings) {
        this.findings = List.of(findings);
        return this;
    }

    Subject unproved(String... unproved) {
        this.unproved = List.of(unproved);
        return this;
    }

    Subject leftovers(String... leftovers) {
        this.leftovers = List.of(leftovers);
        return this;
    }

    ContainerReport compliant() {
        return with(Verdict.COMPLIANT);
    }

    ContainerReport violating() {
        return with(Verdict.VIOLATING);
    }

    ContainerReport unverified() {
        return with(Verdict.UNVERIFIED);
    }

    private ContainerReport with(Verdict verdict) {
        Container container =
                new Container(
                        String.format("%064x", name.hashCode() & 0xffffffffL),
                        name,
                        image,
                        Reports.LOCAL,
                        paused,
                        readOnly,
                        mounts,
                        user,
                        privileged,
                        Set.of(),
                        false,
                        labels,
                        0);
        WitnessReport exec =
                new WitnessReport(
                        WitnessName.EXEC,
                        Identity.SERVICE,
                        Reports.NOON,
                        Duration.ofMillis(75),
                        trouble);
        return new ContainerReport(
                container, verdict, List.of(exec), paths, findings, unproved, leftovers);
    }
}
