package io.github.writeprobe.metrics;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.List;
import java.util.stream.Stream;

/// A metric that follows from the report or never changes. docs/metrics.md describes each.
enum MetricDefinition {
    BUILD_INFO(
            "writeprobe_build_info",
            "Version, commit and Java version of this writeprobe.",
            "version",
            "revision",
            "java"),
    VERDICT_MAX_AGE(
            "writeprobe_verdict_max_age_seconds",
            "Age after which a verdict is stale and its container unverified."),
    ENGINE_UP("writeprobe_engine_up", "Whether the engine answers (1) or not (0).", "engine"),
    CONTAINERS_LEFT_OUT(
            "writeprobe_containers_left_out",
            "Running containers that are not judged, because they have no power: pause containers of pods, and helpers of writeprobe.",
            "engine",
            "reason"),
    CONTAINER_INFO(
            "writeprobe_container_info",
            "The image, engine and workload of a judged container. A label is empty if it is not known.",
            Scope.CONTAINER,
            "container_id",
            "image",
            "engine",
            "compose_project",
            "compose_service",
            "swarm_service"),
    CONTAINER_COMPLIANT(
            "writeprobe_container_compliant",
            "Whether the verdict is compliant (1), or violating or unverified (0).",
            Scope.CONTAINER),
    CONTAINER_VERIFIED(
            "writeprobe_container_verified",
            "Whether everything that has to be read-only was verified recently (1), or something was not (0).",
            Scope.CONTAINER),
    CONTAINER_ROOTFS_DECLARED_READONLY(
            "writeprobe_container_rootfs_declared_readonly",
            "Whether the engine declares the root filesystem read-only. This does not prove that it is.",
            Scope.CONTAINER),
    CONTAINER_LAST_PROBE(
            "writeprobe_container_last_probe_timestamp_seconds",
            "When a witness last probed the container, in seconds since the epoch.",
            Scope.CONTAINER),
    PATH_WRITABLE(
            "writeprobe_path_writable",
            "Whether a write at the path succeeded (1) or was refused (0). No series if the probe was inconclusive.",
            Scope.CONTAINER,
            "path",
            "identity"),
    PATH_EXECUTABLE(
            "writeprobe_path_executable",
            "Whether a file written at the path could be run (1) or not (0). No series if that was not tried.",
            Scope.CONTAINER,
            "path",
            "identity"),
    PATH_INFO(
            "writeprobe_path_info",
            "The kind of mount that the path is on, where a write goes, and what is declared.",
            Scope.CONTAINER,
            "path",
            "mount",
            "persistence",
            "declared"),
    FINDING(
            "writeprobe_finding",
            "A current finding (1). The series ends when the finding is gone.",
            Scope.CONTAINER,
            "path",
            "kind",
            "severity",
            "waived"),
    WAIVER_EXPIRY(
            "writeprobe_waiver_expiry_timestamp_seconds",
            "When the waiver of a finding expires, in seconds since the epoch. No series for waivers without an expiry date.",
            Scope.CONTAINER,
            "path",
            "kind",
            "owner");

    private static final String INFO = "_info";

    /// What a metric is about.
    private enum Scope {
        AGENT,
        /// It has the labels [ContainerSeriesLabels#NAMES], too.
        CONTAINER
    }

    private final String metricName;
    private final String help;
    private final Scope scope;
    private final List<String> ownLabels;

    MetricDefinition(String metricName, String help, String... ownLabels) {
        this(metricName, help, Scope.AGENT, ownLabels);
    }

    MetricDefinition(String metricName, String help, Scope scope, String... ownLabels) {
        this.metricName = metricName;
        this.help = help;
        this.scope = scope;
        this.ownLabels = List.of(ownLabels);
    }

    /// The metric's name in Prometheus.
    String metricName() {
        return metricName;
    }

    boolean isOfContainer() {
        return scope == Scope.CONTAINER;
    }

    /// Its labels, without those that every series of a container has.
    List<String> ownLabels() {
        return ownLabels;
    }

    List<String> labels() {
        return isOfContainer()
                ? Stream.concat(ContainerSeriesLabels.NAMES.stream(), ownLabels.stream()).toList()
                : ownLabels;
    }

    MetricType type() {
        return metricName.endsWith(INFO) ? MetricType.INFO : MetricType.GAUGE;
    }

    /// The library adds the suffix `_info` by itself.
    MetricMetadata metadata() {
        return new MetricMetadata(
                type() == MetricType.INFO
                        ? metricName.substring(0, metricName.length() - INFO.length())
                        : metricName,
                help);
    }
}
