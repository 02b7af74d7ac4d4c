package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;

/// Another mount namespace than that of the container's first process, in which a process of the
/// container lives, and what can be written there and not in the first one.
///
/// @param pid of a process in it, on this machine
/// @param command its name: a stranger's text
public record OtherView(long pid, String command, List<Mount> mounts) {
    public OtherView {
        requireNonNull(command);
        mounts = List.copyOf(mounts);
    }

    /// A mount that its mount table calls writable, and that no mount of the first namespace shows
    /// writable.
    ///
    /// @param observation what a probe there came to
    public record Mount(MountEntry entry, Observation observation) {
        public Mount {
            requireNonNull(entry);
            requireNonNull(observation);
        }
    }
}
