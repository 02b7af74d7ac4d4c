package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What the kernel says of a container besides what a write at each path came to.
///
/// @param confinement what a security module calls the container's process; empty where there is
///   none
/// @param boundingSet capabilities that the container's processes can have at most, a bit each:
///   capabilities(7); empty where they could not be read
/// @param userNamespace whether the container lives in another user namespace than the machine's
///   first processes, so that its capabilities count for less: user_namespaces(7)
/// @param otherViews what can be written in mount namespaces that processes of the container made
///   for themselves
/// @param doubts why the container cannot be called compliant whatever was observed, a sentence
///   each
/// @param hostPaths of mounts by their number in `mountinfo`: the paths on the host that show the
///   same file or directory; of those alone that the host has
/// @param engineSockets of mounts by their number: a socket that an engine listens on, in or below
///   the mount
/// @param configuredSockets the same of the sockets by which this process itself asks engines;
///   there may be a proxy behind
/// @param seccompUnconfined whether no seccomp filter is on the container's first process, so that
///   every system call is open to it: a filter can never be taken off again, seccomp(2)
/// @param hostPidNamespace whether its PID namespace is the machine's: pid_namespaces(7)
/// @param devices what the devices are that the engine declares
public record KernelFacts(
        String confinement,
        OptionalLong boundingSet,
        boolean userNamespace,
        List<OtherView> otherViews,
        List<String> doubts,
        Map<Integer, List<String>> hostPaths,
        Map<Integer, String> engineSockets,
        Map<Integer, String> configuredSockets,
        boolean seccompUnconfined,
        boolean hostPidNamespace,
        DeviceFacts devices) {
    /// Of a witness that does not ask the kernel.
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

    /// The same with another confinement.
    public KernelFacts withConfinement(String label) {
        return new KernelFacts(
                label,
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

    /// The same with what was found in other mount namespaces.
    public KernelFacts withOtherViews(List<OtherView> views, List<String> reasons) {
        return new KernelFacts(
                confinement,
                boundingSet,
                userNamespace,
                views,
                Stream.concat(doubts.stream(), reasons.stream()).toList(),
                hostPaths,
                engineSockets,
                configuredSockets,
                seccompUnconfined,
                hostPidNamespace,
                devices);
    }

    /// The same with what is known of the declared devices.
    public KernelFacts with(DeviceFacts deviceFacts) {
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
                deviceFacts);
    }
}
