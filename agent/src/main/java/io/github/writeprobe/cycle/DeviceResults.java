package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.Isolation;
import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Duration;
import java.util.List;

/// Adds to what the kernel says of a container what its declared devices are. Few containers have
/// any, and nobody is asked about the others.
final class DeviceResults {
    private DeviceResults() {}

    /// @param said what the kernel said
    static List<ProbeResult> added(
            ProcfsWitness procfs, Container container, List<ProbeResult> said, Duration timeout)
            throws InterruptedException {
        Isolation isolation = container.isolation();
        boolean none = isolation.devices().isEmpty() && isolation.deviceRules().isEmpty();
        if (none || said.stream().noneMatch(t -> t.trouble().isEmpty())) {
            return said;
        }
        DeviceFacts devices =
                procfs.devices(
                        isolation.devices().stream()
                                .map(Isolation.Device::onHost)
                                .filter(path -> path.startsWith("/"))
                                .distinct()
                                .toList(),
                        timeout);
        return said.stream().map(t -> t.with(t.facts().with(devices))).toList();
    }
}
