package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What a clone may not have, although its original has it: power over the host, and devices.
final class CloneRestrictions {
    /// Devices without state of their own: two processes that have one open do not affect each
    /// other.
    private static final Set<String> SAFE_DEVICES = Set.of("/dev/fuse", "/dev/net/tun", "/dev/kvm");

    /// Capabilities that affect the whole host, in spite of namespaces. Two containers that set the
    /// same clock do harm.
    private static final Set<String> MACHINE_CAPABILITIES =
            new TreeSet<>(Set.of("SYS_MODULE", "SYS_RAWIO", "SYS_TIME"));

    private CloneRestrictions() {}

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

    /// The capabilities over the host that a container adds.
    static Set<String> machineCapabilities(JsonNode host) {
        Set<String> capabilities = new TreeSet<>();
        for (JsonNode added : host.path("CapAdd")) {
            MACHINE_CAPABILITIES.stream()
                    .filter(capability ->
                            capability.equals(capabilityName(added))
                                    || capabilityName(added).equals("ALL"))
                    .forEach(capabilities::add);
        }
        return capabilities;
    }

    private static String capabilityName(JsonNode capability) {
        return capability.asText("").strip().toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
    }

    static boolean isSafeDevice(JsonNode device) {
        return SAFE_DEVICES.contains(device.path("PathOnHost").asText(""));
    }
}
