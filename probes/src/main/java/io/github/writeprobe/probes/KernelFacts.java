package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// What the kernel says of a container besides what a write at each path came to.
///
/// @param confinement what a security module calls the container's process; empty where there is
///   none
/// @param bounding capabilities that the container's processes can have at most, a bit each:
///   capabilities(7); empty where they could not be read
/// @param userNamespace whether the container lives in another user namespace than the machine's
///   first processes, so that its capabilities count for less: user_namespaces(7)
/// @param otherViews what can be written in mount namespaces that processes of the container made
///   for themselves
/// @param doubts why the container cannot be called compliant whatever was observed, a sentence
///   each
public record KernelFacts(
        String confinement,
        OptionalLong bounding,
        boolean userNamespace,
        List<OtherView> otherViews,
        List<String> doubts) {
    /// Of a witness that does not ask the kernel.
    public static final KernelFacts NONE =
            new KernelFacts("", OptionalLong.empty(), false, List.of(), List.of());

    public KernelFacts {
        requireNonNull(confinement);
        requireNonNull(bounding);
        otherViews = List.copyOf(otherViews);
        doubts = List.copyOf(doubts);
    }

    /// The same with another confinement.
    public KernelFacts confinedAs(String label) {
        return new KernelFacts(label, bounding, userNamespace, otherViews, doubts);
    }

    /// The same with what was found in other mount namespaces.
    public KernelFacts withViews(List<OtherView> views, List<String> why) {
        return new KernelFacts(confinement, bounding, userNamespace, views, why);
    }
}
