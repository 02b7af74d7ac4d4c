package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/// A change of a mount table. Times are those of [System#nanoTime()].
///
/// @param namespace the mount namespace, as `/proc/PID/ns/mnt` names it; empty if it is not known
/// @param since when the table was read that does not have the change
/// @param until when the table had been read that has it
/// @param reported when the kernel reported it; empty if it did not
/// @param followsOthers whether the table has mounts that follow those of other namespaces
public record MountChange(
        Optional<String> namespace,
        long since,
        long until,
        OptionalLong reported,
        boolean followsOthers) {
    public MountChange {
        requireNonNull(namespace);
        requireNonNull(reported);
    }
}
