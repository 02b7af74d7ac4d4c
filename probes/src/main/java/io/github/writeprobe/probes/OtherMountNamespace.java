package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.List;

/// A mount namespace that a process of the container is in and that differs from that of the
/// container's first process, and what can be written there but not in that of the first process.
///
/// @param pid of a process in the namespace, in this process's PID namespace
/// @param command the process's name: untrusted text
public record OtherMountNamespace(long pid, String command, List<Mount> mounts) {
    public OtherMountNamespace {
        requireNonNull(command);
        mounts = List.copyOf(mounts);
    }

    /// A mount that is writable according to its mount table, and whose content no mount of the
    /// first process's namespace shows writable.
    ///
    /// @param observation the result of a probe there
    public record Mount(MountEntry entry, PathObservation observation) {
        public Mount {
            requireNonNull(entry);
            requireNonNull(observation);
        }
    }
}
