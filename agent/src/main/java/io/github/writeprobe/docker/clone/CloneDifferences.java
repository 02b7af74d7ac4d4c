package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The differences between an original and its clones that do not depend on mounts.
final class CloneDifferences {
    private CloneDifferences() {}

    /// @param inspected the original's inspect
    /// @return the differences, each a sentence for people
    static List<String> of(JsonNode inspected) {
        JsonNode host = inspected.path("HostConfig");
        List<String> differences = new ArrayList<>();
        String network = host.path("NetworkMode").asText("");
        if (network.equals("host")) {
            differences.add("it uses the host's network, and its clones do not");
        } else if (network.startsWith("container:")) {
            differences.add("it shares the network of another container, and its clones do not");
        }
        if (host.path("Privileged").asBoolean(false)) {
            differences.add("it is privileged, and its clones are not");
        }
        Set<String> capabilities = CloneRestrictions.machineCapabilities(host);
        if (!capabilities.isEmpty()) {
            differences.add(
                    "it has capabilities over the host (%s), and its clones do not"
                            .formatted(String.join(", ", capabilities)));
        }
        for (JsonNode device : host.path("Devices")) {
            if (!CloneRestrictions.isSafeDevice(device)) {
                differences.add(
                        "it has the device %s, and its clones do not"
                                .formatted(device.path("PathOnHost").asText("")));
            }
        }
        if (!host.path("DeviceRequests").isEmpty()) {
            differences.add("it has devices of a driver, such as GPUs, and its clones do not");
        }
        addNamespaceDifferences(host, differences);
        addAddressDifferences(inspected, differences);
        if (!host.path("Links").isEmpty()) {
            differences.add("it is linked to other containers, and its clones are not");
        }
        if (inspected.path("Config").path("Labels").hasNonNull("com.docker.swarm.service.id")) {
            differences.add("its clones do not have the secrets and configs of its Swarm service");
        }
        return differences;
    }

    private static void addNamespaceDifferences(JsonNode host, List<String> differences) {
        for (String[] kind : new String[][] {{"PidMode", "processes"}, {"IpcMode", "memory"}}) {
            String mode = host.path(kind[0]).asText("");
            if (mode.equals("host") || mode.startsWith("container:")) {
                differences.add(
                        "it shares the %s of %s, and its clones do not"
                                .formatted(
                                        kind[1],
                                        mode.equals("host") ? "the host" : "another container"));
            }
        }
    }

    private static void addAddressDifferences(JsonNode inspected, List<String> differences) {
        inspected
                .path("NetworkSettings")
                .path("Networks")
                .properties()
                .forEach(network -> {
                    JsonNode ipamConfig = network.getValue().path("IPAMConfig");
                    Stream.of("IPv4Address", "IPv6Address")
                            .map(key -> ipamConfig.path(key).asText(""))
                            .filter(address -> !address.isEmpty())
                            .forEach(address ->
                                    differences.add(
                                            "it has the fixed address %s, and its clones have others"
                                                    .formatted(address)));
                });
    }
}
