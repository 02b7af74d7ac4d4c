package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Whether a container was given nothing beyond what an engine gives every container: what may be
/// left out of a report. What an engine does not say counts as given, but for fields that older
/// engines and Podman do not have.
///
/// @see <a
///   href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect">the
///   API's description</a>
final class PowerlessCheck {
    /// What a new mount is kept from in `/proc`, by the engine's default (moby `oci/defaults.go`).
    private static final Set<String> DEFAULT_READONLY_PATHS =
            Set.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final Set<String> DEFAULT_MASKED_PATHS =
            Set.of("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware");

    private static final Set<String> PRIVATE_MODES = Set.of("", "private", "shareable", "none");

    private PowerlessCheck() {}

    /// Whether there is none but maybe the namespaces of the machine, which pods share: IPC,
    /// network and UTS. Who sees the machine's processes has a power
    /// ([io.github.writeprobe.judge]). Without a capability more than the default ones, a process
    /// there may not write to what is another's.
    ///
    /// Runtimes obey annotations, and some take a container's bounds off for one.
    ///
    /// @param inspected the answer to `GET /containers/ID/json`
    static boolean isPowerlessExceptNamespaces(JsonNode inspected) {
        JsonNode hostConfig = inspected.path("HostConfig");
        return hostConfig.isObject()
                && hostConfig.path("Privileged").isBoolean()
                && !hostConfig.path("Privileged").asBoolean()
                && Capabilities.effective(false, strings(hostConfig.path("CapAdd")), List.of())
                        .equals(Capabilities.effective(false, List.of(), List.of()))
                && Stream.of(
                                "Annotations",
                                "DeviceCgroupRules",
                                "DeviceRequests",
                                "Devices",
                                "VolumesFrom")
                        .allMatch(key -> hostConfig.path(key).isEmpty())
                && coversAll(hostConfig.path("ReadonlyPaths"), DEFAULT_READONLY_PATHS)
                && coversAll(hostConfig.path("MaskedPaths"), DEFAULT_MASKED_PATHS)
                && hostConfig.path("UsernsMode").asText("").isEmpty()
                && PRIVATE_MODES.contains(hostConfig.path("PidMode").asText(""))
                && Stream.of("IpcMode", "UTSMode")
                        .map(key -> hostConfig.path(key).asText(""))
                        .allMatch(mode -> mode.equals("host") || PRIVATE_MODES.contains(mode))
                && !hostConfig.path("NetworkMode").asText("").startsWith("container:")
                && isConfined(hostConfig);
    }

    /// Whether there is none at all.
    static boolean isPowerless(JsonNode inspected) {
        JsonNode hostConfig = inspected.path("HostConfig");
        return isPowerlessExceptNamespaces(inspected)
                && Stream.of("PidMode", "IpcMode", "UTSMode", "NetworkMode")
                        .noneMatch(key -> hostConfig.path(key).asText("").equals("host"));
    }

    /// An engine that leaves `/proc` as it is says so by a list without these, mostly an empty one.
    /// One that says nothing is older than the field.
    private static boolean coversAll(JsonNode paths, Collection<String> required) {
        return paths.isMissingNode() || paths.isNull() || strings(paths).containsAll(required);
    }

    /// Whether nothing is taken off that confines every container. With the machine's processes or
    /// IPC the engine itself turns labels off, and says so.
    private static boolean isConfined(JsonNode hostConfig) {
        boolean sharesNamespaces =
                hostConfig.path("PidMode").asText("").equals("host")
                        || hostConfig.path("IpcMode").asText("").equals("host");
        return strings(hostConfig.path("SecurityOpt")).stream()
                .map(option -> option.replace(':', '='))
                .allMatch(option ->
                        option.equals("no-new-privileges")
                                || option.equals("no-new-privileges=true")
                                || option.equals("seccomp=builtin")
                                || option.startsWith("label=level=")
                                || (sharesNamespaces && option.equals("label=disable")));
    }

    private static List<String> strings(JsonNode array) {
        return array.isArray() ? array.valueStream().map(n -> n.asText("")).toList() : List.of();
    }
}
