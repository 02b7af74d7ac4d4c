package io.github.writeprobe.monitor;

import io.github.writeprobe.model.MountActor;
import java.util.Optional;
import java.util.OptionalLong;

/// Finds who changed the mounts of a container. It does no I/O and does not block.
@FunctionalInterface
interface MountActorLookup {
    /// Nobody listens.
    MountActorLookup NONE = (container, since, until, reported, followsOthers) -> Optional.empty();

    /// @param since when the mount table was read that does not have the change, by the
    ///   [MonitorClock]
    /// @param until when the table had been read that has it
    /// @param reported when the kernel reported the change; empty if it did not
    /// @param followsOthers whether the table has mounts that follow those of other namespaces
    /// @return empty if nobody listens
    Optional<MountActor> find(
            ContainerKey container,
            long since,
            long until,
            OptionalLong reported,
            boolean followsOthers);
}
