package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The declared settings that isolate a container, other than its capabilities and mounts. All
/// texts in it are untrusted.
///
/// @param runtime `HostConfig.Runtime`, what the engine starts the container with; empty if the
///   engine does not report it
/// @param pidMode `HostConfig.PidMode`: `host`, `container:ID`, or empty for a PID namespace of its
///   own
/// @param devices `HostConfig.Devices`
/// @param deviceRules `HostConfig.DeviceCgroupRules`, such as `b 7:* rwm`
/// @param readonlyPaths `HostConfig.ReadonlyPaths`, the parts of `/proc` that are mounted
///   read-only; empty if the engine does not report them
/// @param securityOptions `HostConfig.SecurityOpt`, such as `seccomp=unconfined`
public record DeclaredIsolation(
        String runtime,
        String pidMode,
        List<Device> devices,
        List<String> deviceRules,
        Optional<List<String>> readonlyPaths,
        List<String> securityOptions) {
    /// Words in the names of runtimes with which the host's kernel does not see a container's
    /// files: gVisor serves them itself, the others start a virtual machine.
    private static final List<String> SANDBOXES =
            List.of("runsc", "gvisor", "kata", "firecracker", "cloud-hypervisor");

    /// The engine's defaults.
    public static final DeclaredIsolation DEFAULT =
            new DeclaredIsolation("", "", List.of(), List.of(), Optional.empty(), List.of());

    /// A device that the container may use.
    ///
    /// @param pathOnHost its path on the host; a directory stands for all devices in it
    /// @param pathInContainer its path in the container
    /// @param permissions some of `rwm`: read, write, mknod
    public record Device(String pathOnHost, String pathInContainer, String permissions) {
        public Device {
            requireNonNull(pathOnHost);
            requireNonNull(pathInContainer);
            requireNonNull(permissions);
        }
    }

    public DeclaredIsolation {
        requireNonNull(runtime);
        requireNonNull(pidMode);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        readonlyPaths = readonlyPaths.map(List::copyOf);
        securityOptions = List.copyOf(securityOptions);
    }

    /// The runtime, if with it the host's kernel does not see the container's files; otherwise
    /// empty.
    ///
    /// Only the engine's declaration counts, and nothing in the container: a user who starts a
    /// container can choose only a runtime that the engine is configured with.
    public String sandboxRuntime() {
        String name = runtime.toLowerCase(Locale.ROOT);
        return SANDBOXES.stream().anyMatch(name::contains) ? runtime : "";
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Names each component, because several have the same type.
    public static final class Builder {
        private String runtime;
        private String pidMode;
        private List<Device> devices;
        private List<String> deviceRules;
        private Optional<List<String>> readonlyPaths;
        private List<String> securityOptions;

        private Builder(DeclaredIsolation from) {
            runtime = from.runtime;
            pidMode = from.pidMode;
            devices = from.devices;
            deviceRules = from.deviceRules;
            readonlyPaths = from.readonlyPaths;
            securityOptions = from.securityOptions;
        }

        public Builder runtime(String value) {
            runtime = value;
            return this;
        }

        public Builder pidMode(String value) {
            pidMode = value;
            return this;
        }

        public Builder devices(List<Device> value) {
            devices = value;
            return this;
        }

        public Builder deviceRules(List<String> value) {
            deviceRules = value;
            return this;
        }

        public Builder readonlyPaths(Optional<List<String>> value) {
            readonlyPaths = value;
            return this;
        }

        public Builder securityOptions(List<String> value) {
            securityOptions = value;
            return this;
        }

        public DeclaredIsolation build() {
            return new DeclaredIsolation(
                    runtime, pidMode, devices, deviceRules, readonlyPaths, securityOptions);
        }
    }
}
