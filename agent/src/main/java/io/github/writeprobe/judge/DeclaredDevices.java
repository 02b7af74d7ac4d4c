package io.github.writeprobe.judge;

import io.github.writeprobe.judge.DeviceKinds.Risk;
import io.github.writeprobe.model.Isolation;
import java.util.List;

/// The devices of the host that an engine lets a container write to.
final class DeclaredDevices {
    private final Isolation isolation;
    private final DeviceKinds kinds;

    DeclaredDevices(PowerEvidence holder) {
        this.isolation = holder.isolation();
        this.kinds = new DeviceKinds(holder.facts().devices());
    }

    /// @param template a sentence with `%s` for the device's path on the host
    List<String> devices(Risk risk, String template) {
        return isolation.devices().stream()
                .filter(d -> d.permissions().isEmpty() || d.permissions().contains("w"))
                .map(Isolation.Device::pathOnHost)
                .distinct()
                .filter(path -> kinds.ofPath(path) == risk)
                .map(template::formatted)
                .toList();
    }

    /// @param template a sentence with `%s` for the rule
    List<String> rules(Risk risk, String template) {
        return isolation.deviceRules().stream()
                .distinct()
                .filter(rule -> kinds.ofRule(rule) == risk)
                .map(template::formatted)
                .toList();
    }
}
