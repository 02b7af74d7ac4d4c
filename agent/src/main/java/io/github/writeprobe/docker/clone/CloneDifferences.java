package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The differences between an original and its clones that do not depend on mounts.
final class CloneDifferences {
    /// Devices without state of their own: two processes that have one open do not affect each
    /// other.
    private static final Set<String> SAFE_DEVICES = Set.of("/dev/fuse", "/dev/net/tun", "/dev/kvm");

    /// Capabilities that affect the whole host, in spite of namespaces. Two containers that set the
    /// same clock do harm.
    private static final Set<String> MACHINE_CAPABILITIES =
            new TreeSet<>(Set.of("SYS_MODULE", "SYS_RAWIO", "SYS_TIME"));

    private CloneDifferences() {}

    /// Removes the capabilities over the host from a clone.
    static void removeMachineCapabilities(ObjectNode host) {
        ArrayNode kept = host.arrayNode();
        boolean addsAll = false;
        for (JsonNode added : host.path("CapAdd")) {
            if (!MACHINE_CAPABILITIES.contains(capabilityName(added))) {
                kept.add(added);
            }
            addsAll |= capabilityName(added).equals("ALL");
        }
        if (host.has("CapAdd")) {
            host.set("CapAdd", kept);
        }
        if (addsAll) {
            MACHINE_CAPABILITIES.forEach(host.withArray("/CapDrop")::add);
        }
    }

    /// Podman reports `RLIMIT_NOFILE`, but does not accept it.
    static void normalizeUlimitNames(ObjectNode host) {
        for (JsonNode limit : host.path("Ulimits")) {
            if (limit instanceof ObjectNode named) {
                named.put(
                        "Name",
                        limit.path("Name")
                                .asText("")
                                .toLowerCase(Locale.ROOT)
                                .replaceFirst("^rlimit_", ""));
            }
        }
    }

    private static String capabilityName(JsonNode capability) {
        return capability.asText("").strip().toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
    }

    static boolean isSafeDevice(JsonNode device) {
        return SAFE_DEVICES.contains(device.path("PathOnHost").asText(""));
    }

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
        Set<String> capabilities = new TreeSet<>();
        for (JsonNode added : host.path("CapAdd")) {
            MACHINE_CAPABILITIES.stream()
                    .filter(capability ->
                            capability.equals(capabilityName(added))
                                    || capabilityName(added).equals("ALL"))
                    .forEach(capabilities::add);
        }
        if (!capabilities.isEmpty()) {
            differences.add(
                    "it has capabilities over the host (%s), and its clones do not"
                            .formatted(String.join(", ", capabilities)));
        }
        for (JsonNode device : host.path("Devices")) {
            if (!isSafeDevice(device)) {
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
