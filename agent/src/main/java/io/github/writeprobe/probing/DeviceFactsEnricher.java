package io.github.writeprobe.probing;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Duration;
import java.util.List;

/// Adds the kind of the declared devices to the results of the `procfs` witness. Few containers
/// have devices; for the others nothing is looked up.
final class DeviceFactsEnricher {
    private DeviceFactsEnricher() {}

    /// @param results of the `procfs` witness
    static List<ProbeResult> addTo(
            ProcfsWitness procfs, Container container, List<ProbeResult> results, Duration timeout)
            throws InterruptedException {
        DeclaredIsolation isolation = container.isolation();
        boolean noDevices = isolation.devices().isEmpty() && isolation.deviceRules().isEmpty();
        if (noDevices || results.stream().noneMatch(r -> r.trouble().isEmpty())) {
            return results;
        }
        DeviceFacts devices =
                procfs.devices(
                        isolation.devices().stream()
                                .map(DeclaredIsolation.Device::pathOnHost)
                                .filter(path -> path.startsWith("/"))
                                .distinct()
                                .toList(),
                        timeout);
        return results.stream().map(r -> r.with(r.facts().with(devices))).toList();
    }
}
