package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an engine declares of the walls around a container, besides its capabilities and mounts.
/// All texts in it are a stranger's.
///
/// @param runtime `HostConfig.Runtime`, what the engine starts the container with; empty where it
///   does not say
/// @param pidMode `HostConfig.PidMode`: `host`, `container:ID`, or empty for a PID namespace of its
///   own
/// @param devices `HostConfig.Devices`
/// @param deviceRules `HostConfig.DeviceCgroupRules`, such as `b 7:* rwm`
/// @param readonlyPaths `HostConfig.ReadonlyPaths`, the parts of `/proc` that are mounted
///   read-only; empty where the engine does not say
/// @param securityOptions `HostConfig.SecurityOpt`, such as `seccomp=unconfined`
public record Isolation(
        String runtime,
        String pidMode,
        List<Device> devices,
        List<String> deviceRules,
        Optional<List<String>> readonlyPaths,
        List<String> securityOptions) {
    /// Words in the names of runtimes that keep a container's files from the machine's kernel:
    /// gVisor serves them itself, the others start a virtual machine.
    private static final List<String> SANDBOXES =
            List.of("runsc", "gvisor", "kata", "firecracker", "cloud-hypervisor");

    /// Of a container of which nothing is declared but the defaults.
    public static final Isolation DEFAULT =
            new Isolation("", "", List.of(), List.of(), Optional.empty(), List.of());

    /// A device that the container may use.
    ///
    /// @param pathOnHost its path on the host; a directory stands for all that is in it
    /// @param pathInContainer its path in the container
    /// @param permissions of `rwm`: read, write, mknod
    public record Device(String pathOnHost, String pathInContainer, String permissions) {
        public Device {
            requireNonNull(pathOnHost);
            requireNonNull(pathInContainer);
            requireNonNull(permissions);
        }
    }

    public Isolation {
        requireNonNull(runtime);
        requireNonNull(pidMode);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        readonlyPaths = readonlyPaths.map(List::copyOf);
        securityOptions = List.copyOf(securityOptions);
    }

    /// The runtime, if it keeps the container's files from the machine's kernel; else empty.
    ///
    /// The engine's word for it counts, and nothing that the container shows: who starts a
    /// container chooses among the runtimes that the engine was configured with.
    public String sandboxRuntime() {
        String name = runtime.toLowerCase(Locale.ROOT);
        return SANDBOXES.stream().anyMatch(name::contains) ? runtime : "";
    }
}
