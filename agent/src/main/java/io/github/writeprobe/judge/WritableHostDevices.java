package io.github.writeprobe.judge;

import io.github.writeprobe.judge.DeviceKinds.Risk;
import io.github.writeprobe.model.DeclaredIsolation;
import java.util.List;
import java.util.stream.Stream;

/// The devices of the host that an engine lets a container write to.
final class WritableHostDevices {
    private final DeclaredIsolation isolation;
    private final DeviceKinds kinds;

    WritableHostDevices(PrivilegeFacts holder) {
        this.isolation = holder.isolation();
        this.kinds = new DeviceKinds(holder.facts().devices());
    }

    /// @param template a sentence with `%s` for the device's path on the host
    List<String> devices(Risk risk, String template) {
        return isolation.devices().stream()
                .filter(d -> d.permissions().isEmpty() || d.permissions().contains("w"))
                .flatMap(d -> paths(d, risk))
                .distinct()
                .filter(path -> kinds.ofPath(path) == risk)
                .map(template::formatted)
                .toList();
    }

    /// Podman does not report the path on the host. It reports some device in the host's `/dev`
    /// with the same numbers, also a character device for a block device, and no permissions. So
    /// the path in the container counts too, if it is that of a disk.
    private static Stream<String> paths(DeclaredIsolation.Device device, Risk risk) {
        return device.permissions().isEmpty() && risk == Risk.DANGEROUS
                ? Stream.of(device.pathOnHost(), device.pathInContainer())
                : Stream.of(device.pathOnHost());
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
