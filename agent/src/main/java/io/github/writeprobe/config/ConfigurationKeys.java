package io.github.writeprobe.config;

import io.github.writeprobe.policy.ContainerSelector;
import java.util.List;
import java.util.stream.Stream;

/// The keys of each section of a configuration file, in the order in which they are written.
final class ConfigurationKeys {
    static final List<String> TOP = List.of("engine", "probe", "policy", "metrics", "web");
    static final List<String> ENGINE = List.of("hosts");
    static final List<String> PROBE =
            List.of(
                    "witness",
                    "interval",
                    "exec-interval",
                    "full-interval",
                    "timeout",
                    "concurrency",
                    "paths",
                    "execute",
                    "exec-as-root",
                    "pod-sandboxes",
                    "mount-actors",
                    "sidecar-image");
    static final List<String> POLICY = List.of("fail-on", "honour-labels", "rules", "waivers");
    static final List<String> RULE = List.of("match", "rootfs", "writable", "noexec");
    static final List<String> WAIVER =
            List.of("match", "findings", "paths", "reason", "owner", "expires");
    static final List<String> METRICS = List.of("paths");
    static final List<String> WEB = List.of("listen-address");

    /// The last one stands for any label.
    static final List<String> MATCH =
            Stream.concat(ContainerSelector.FIELDS.keySet().stream(), Stream.of("label:KEY"))
                    .toList();

    private ConfigurationKeys() {}

    static boolean isLabel(String key) {
        return key.startsWith("label:") && key.length() > "label:".length();
    }
}
