package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Checks whether a container has only what an engine gives every container, so that it may be
/// excluded from a report. A field that is missing in the inspect counts as a power, except for
/// fields that older engines and Podman do not have.
///
/// @see <a
///   href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect">the
///   API's description</a>
final class DefaultPrivilegesCheck {
    /// The read-only paths in `/proc` by the engine's default (moby `oci/defaults.go`).
    private static final Set<String> DEFAULT_READONLY_PATHS =
            Set.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final Set<String> DEFAULT_MASKED_PATHS =
            Set.of("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware");

    private static final Set<String> HARMLESS_ANNOTATIONS =
            Set.of("io.container.manager", "org.opencontainers.image.stopSignal");

    private static final Set<String> PRIVATE_MODES = Set.of("", "private", "shareable", "none");

    private DefaultPrivilegesCheck() {}

    /// Whether the container has no power, except that it may use the IPC, network and UTS
    /// namespaces of the host, as pods do. A view of the host's processes is a power
    /// ([io.github.writeprobe.judge]). With only the default capabilities, a process in these
    /// namespaces may not write to what belongs to others.
    ///
    /// Runtimes evaluate annotations, and some annotations remove restrictions.
    ///
    /// @param inspected the answer to `GET /containers/ID/json`
    static boolean isPowerlessExceptNamespaces(JsonNode inspected) {
        JsonNode hostConfig = inspected.path("HostConfig");
        return hostConfig.isObject()
                && hostConfig.path("Privileged").isBoolean()
                && !hostConfig.path("Privileged").asBoolean()
                && DeclaredCapabilities.effective(
                                false, strings(hostConfig.path("CapAdd")), List.of())
                        .equals(DeclaredCapabilities.effective(false, List.of(), List.of()))
                && hasOnlyHarmlessAnnotations(hostConfig.path("Annotations"))
                && Stream.of("DeviceCgroupRules", "DeviceRequests", "Devices", "VolumesFrom")
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

    /// Podman annotates each container for itself and for systemd.
    private static boolean hasOnlyHarmlessAnnotations(JsonNode annotations) {
        return annotations.properties().stream()
                .map(Map.Entry::getKey)
                .allMatch(key ->
                        HARMLESS_ANNOTATIONS.contains(key)
                                || key.startsWith("org.systemd.property."));
    }

    /// Whether the container has no power at all.
    static boolean isPowerless(JsonNode inspected) {
        JsonNode hostConfig = inspected.path("HostConfig");
        return isPowerlessExceptNamespaces(inspected)
                && Stream.of("PidMode", "IpcMode", "UTSMode", "NetworkMode")
                        .noneMatch(key -> hostConfig.path(key).asText("").equals("host"));
    }

    /// An engine that does not protect `/proc` reports a list without these paths, mostly an empty
    /// one. An engine without the field is too old for it.
    private static boolean coversAll(JsonNode paths, Collection<String> required) {
        return paths.isMissingNode() || paths.isNull() || strings(paths).containsAll(required);
    }

    /// Whether all default restrictions apply. With the host's processes or IPC, the engine itself
    /// disables SELinux labels, and reports that.
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
