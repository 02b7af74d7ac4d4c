package io.github.writeprobe.metrics;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.List;

/// A metric that is read off the report, or does not change. docs/metrics.md describes each.
enum MetricFamily {
    BUILD_INFO(
            "writeprobe_build_info",
            "Which build of writeprobe this is, on which Java.",
            "version",
            "revision",
            "java"),
    VERDICT_MAX_AGE(
            "writeprobe_verdict_max_age_seconds",
            "Age at which a verdict is stale and its container no longer verified."),
    ENGINE_UP("writeprobe_engine_up", "Whether the engine answers (1) or not (0).", "engine"),
    CONTAINERS_LEFT_OUT(
            "writeprobe_containers_left_out",
            "Containers that run on the engine and are not judged, having no power: pause containers of pods, and helpers of writeprobe.",
            "engine",
            "reason"),
    CONTAINER_INFO(
            "writeprobe_container_info",
            "What a container is and belongs to. A label is empty where nothing says so.",
            "container",
            "id",
            "image",
            "engine",
            "compose_project",
            "compose_service",
            "swarm_service",
            "pod",
            "namespace",
            "pod_container"),
    CONTAINER_COMPLIANT(
            "writeprobe_container_compliant",
            "Whether everything that has to be read-only was proved so (1), or something was found or is in doubt (0).",
            "container",
            "id"),
    CONTAINER_VERIFIED(
            "writeprobe_container_verified",
            "Whether nothing about the container is in doubt (1), or something could not be verified or is out of date (0).",
            "container",
            "id"),
    CONTAINER_ROOTFS_DECLARED_READONLY(
            "writeprobe_container_rootfs_declared_readonly",
            "Whether the engine declares the root filesystem read-only. A declaration, not a fact.",
            "container",
            "id"),
    CONTAINER_LAST_PROBE(
            "writeprobe_container_last_probe_timestamp_seconds",
            "When a witness was last asked about the container, in seconds since the epoch.",
            "container",
            "id"),
    PATH_WRITABLE(
            "writeprobe_path_writable",
            "Whether a write at the path succeeded (1) or was refused (0). No series where it could not be told.",
            "container",
            "id",
            "path",
            "identity"),
    PATH_EXECUTABLE(
            "writeprobe_path_executable",
            "Whether a file written at the path could be run (1) or not (0). No series where it was not tried.",
            "container",
            "id",
            "path",
            "identity"),
    PATH_INFO(
            "writeprobe_path_info",
            "What lies at the path: the kind of mount, where a write goes, and what is declared.",
            "container",
            "id",
            "path",
            "mount",
            "persistence",
            "declared"),
    FINDING(
            "writeprobe_finding",
            "A finding that stands (1). No series once it does not.",
            "container",
            "id",
            "path",
            "kind",
            "severity",
            "waived"),
    WAIVER_EXPIRY(
            "writeprobe_waiver_expiry_timestamp_seconds",
            "When the waiver of a finding ceases to waive, in seconds since the epoch, for waivers that do.",
            "container",
            "id",
            "path",
            "kind",
            "owner");

    private static final String INFO = "_info";

    private final String metricName;
    private final String help;
    private final List<String> labels;

    MetricFamily(String metricName, String help, String... labels) {
        this.metricName = metricName;
        this.help = help;
        this.labels = List.of(labels);
    }

    /// The name in Prometheus.
    String metricName() {
        return metricName;
    }

    List<String> labels() {
        return labels;
    }

    MetricType type() {
        return metricName.endsWith(INFO) ? MetricType.INFO : MetricType.GAUGE;
    }

    /// The library adds the suffix of an info by itself.
    MetricMetadata metadata() {
        return new MetricMetadata(
                type() == MetricType.INFO
                        ? metricName.substring(0, metricName.length() - INFO.length())
                        : metricName,
                help);
    }
}
