package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What the kernel reports about a container, apart from the result of a write at each path.
///
/// @param confinement the security module's label of the container's process; empty if there is
///   none
/// @param boundingSet the capabilities that the container's processes can have at most, one bit
///   each: capabilities(7); empty if they could not be read
/// @param userNamespace whether the container is in another user namespace than the host's first
///   process, so that its capabilities are limited: user_namespaces(7)
/// @param otherViews what can be written in mount namespaces that processes of the container
///   created for themselves
/// @param doubts reasons why the container is not compliant whatever was observed, one sentence
///   each
/// @param hostPaths by mount id in `mountinfo`: the host paths that show the same file or
///   directory; only for mounts that are visible on the host
/// @param engineSockets by mount id: a socket that an engine listens on, in or below the mount
/// @param configuredSockets the same for the sockets by which this process itself reaches engines;
///   these may belong to a proxy
/// @param seccompUnconfined whether the container's first process has no seccomp filter, so that it
///   may make every system call: a filter can never be removed again, seccomp(2)
/// @param hostPidNamespace whether its PID namespace is the host's: pid_namespaces(7)
/// @param devices the devices that the engine declares
public record KernelFacts(
        String confinement,
        OptionalLong boundingSet,
        boolean userNamespace,
        List<OtherMountNamespace> otherViews,
        List<String> doubts,
        Map<Integer, List<String>> hostPaths,
        Map<Integer, String> engineSockets,
        Map<Integer, String> configuredSockets,
        boolean seccompUnconfined,
        boolean hostPidNamespace,
        DeviceFacts devices) {
    /// The facts of a witness that does not query the kernel.
    public static final KernelFacts NONE =
            new KernelFacts(
                    "",
                    OptionalLong.empty(),
                    false,
                    List.of(),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    false,
                    false,
                    DeviceFacts.NONE);

    public KernelFacts {
        requireNonNull(confinement);
        requireNonNull(boundingSet);
        otherViews = List.copyOf(otherViews);
        doubts = List.copyOf(doubts);
        hostPaths = Map.copyOf(hostPaths);
        engineSockets = Map.copyOf(engineSockets);
        configuredSockets = Map.copyOf(configuredSockets);
        requireNonNull(devices);
    }

    /// A copy with another confinement.
    public KernelFacts withConfinement(String label) {
        return toBuilder().confinement(label).build();
    }

    /// A copy with what was found in other mount namespaces.
    public KernelFacts withOtherViews(List<OtherMountNamespace> views, List<String> reasons) {
        return toBuilder()
                .otherViews(views)
                .doubts(Stream.concat(doubts.stream(), reasons.stream()).toList())
                .build();
    }

    /// A copy with what is known about the declared devices.
    public KernelFacts with(DeviceFacts deviceFacts) {
        return toBuilder().devices(deviceFacts).build();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Names each component, because several have the same type.
    public static final class Builder {
        private String confinement;
        private OptionalLong boundingSet;
        private boolean userNamespace;
        private List<OtherMountNamespace> otherViews;
        private List<String> doubts;
        private Map<Integer, List<String>> hostPaths;
        private Map<Integer, String> engineSockets;
        private Map<Integer, String> configuredSockets;
        private boolean seccompUnconfined;
        private boolean hostPidNamespace;
        private DeviceFacts devices;

        private Builder(KernelFacts from) {
            confinement = from.confinement;
            boundingSet = from.boundingSet;
            userNamespace = from.userNamespace;
            otherViews = from.otherViews;
            doubts = from.doubts;
            hostPaths = from.hostPaths;
            engineSockets = from.engineSockets;
            configuredSockets = from.configuredSockets;
            seccompUnconfined = from.seccompUnconfined;
            hostPidNamespace = from.hostPidNamespace;
            devices = from.devices;
        }

        public Builder confinement(String value) {
            confinement = value;
            return this;
        }

        public Builder boundingSet(OptionalLong value) {
            boundingSet = value;
            return this;
        }

        public Builder userNamespace(boolean value) {
            userNamespace = value;
            return this;
        }

        public Builder otherViews(List<OtherMountNamespace> value) {
            otherViews = value;
            return this;
        }

        public Builder doubts(List<String> value) {
            doubts = value;
            return this;
        }

        public Builder hostPaths(Map<Integer, List<String>> value) {
            hostPaths = value;
            return this;
        }

        public Builder engineSockets(Map<Integer, String> value) {
            engineSockets = value;
            return this;
        }

        public Builder configuredSockets(Map<Integer, String> value) {
            configuredSockets = value;
            return this;
        }

        public Builder seccompUnconfined(boolean value) {
            seccompUnconfined = value;
            return this;
        }

        public Builder hostPidNamespace(boolean value) {
            hostPidNamespace = value;
            return this;
        }

        public Builder devices(DeviceFacts value) {
            devices = value;
            return this;
        }

        public KernelFacts build() {
            return new KernelFacts(
                    confinement,
                    boundingSet,
                    userNamespace,
                    otherViews,
                    doubts,
                    hostPaths,
                    engineSockets,
                    configuredSockets,
                    seccompUnconfined,
                    hostPidNamespace,
                    devices);
        }
    }
}
