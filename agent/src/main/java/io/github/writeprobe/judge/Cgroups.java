package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.mounts.MountEntry;

/// What of the machine's control groups a mount shows: cgroups(7).
///
/// The mount table has the mount's root as a path from the cgroup that its reader is in. Engines
/// name a container's own cgroup after it.
final class Cgroups {
    private Cgroups() {}

    static boolean isCgroup(MountEntry entry) {
        return entry.filesystem().equals("cgroup") || entry.filesystem().equals("cgroup2");
    }

    /// Whether it shows the container's own cgroup and what is below, and nothing else.
    static boolean isOwn(MountEntry entry, Container container) {
        return entry.root().contains(container.id()) && !entry.root().endsWith("/..");
    }

    /// Whether a reader in the container cannot tell: in a cgroup namespace of its own the
    /// container's cgroup is `/`, as everybody's is elsewhere.
    static boolean mayBeOwn(MountEntry entry) {
        return entry.root().equals("/");
    }
}
