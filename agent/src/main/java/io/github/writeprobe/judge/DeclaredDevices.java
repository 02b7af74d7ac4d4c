package io.github.writeprobe.judge;

import io.github.writeprobe.judge.DeviceKinds.Worth;
import io.github.writeprobe.model.Isolation;
import java.util.List;

/// The devices of the host that an engine lets a container write to.
final class DeclaredDevices {
    private final Isolation isolation;
    private final DeviceKinds kinds;

    DeclaredDevices(PowerHolder holder) {
        this.isolation = holder.isolation();
        this.kinds = new DeviceKinds(holder.facts().devices());
    }

    /// @param words with `%s` for its path on the host
    List<String> devices(Worth worth, String words) {
        return isolation.devices().stream()
                .filter(d -> d.permissions().isEmpty() || d.permissions().contains("w"))
                .map(Isolation.Device::onHost)
                .distinct()
                .filter(path -> kinds.of(path) == worth)
                .map(words::formatted)
                .toList();
    }

    /// @param words with `%s` for the rule
    List<String> rules(Worth worth, String words) {
        return isolation.deviceRules().stream()
                .distinct()
                .filter(rule -> kinds.ofRule(rule) == worth)
                .map(words::formatted)
                .toList();
    }
}
