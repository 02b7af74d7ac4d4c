package io.github.writeprobe.config;

import io.github.writeprobe.policy.Match;
import java.util.List;

/// The keys of each section of a configuration file, in the order in which they are written.
final class Keys {
    static final List<String> TOP = List.of("engine", "probe", "policy", "web");
    static final List<String> ENGINE = List.of("hosts");
    static final List<String> PROBE =
            List.of(
                    "witness",
                    "interval",
                    "exec-interval",
                    "timeout",
                    "concurrency",
                    "paths",
                    "execute",
                    "exec-as-root",
                    "sidecar-image");
    static final List<String> POLICY = List.of("fail-on", "honour-labels", "rules", "waivers");
    static final List<String> RULE = List.of("match", "rootfs", "writable", "noexec");
    static final List<String> WAIVER =
            List.of("match", "findings", "paths", "reason", "owner", "expires");
    static final List<String> WEB = List.of("listen-address");

    /// Besides these `label:KEY` for each label.
    static final List<String> MATCH = List.copyOf(Match.FIELDS.keySet());

    private Keys() {}

    static boolean isLabel(String key) {
        return key.startsWith("label:") && key.length() > "label:".length();
    }
}
