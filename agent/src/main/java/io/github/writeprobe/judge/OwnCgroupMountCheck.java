package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.mounts.MountEntry;

/// Which of the host's control groups a mount shows: cgroups(7).
///
/// In the mount table, the root of a cgroup mount is a path relative to the root of the reader's
/// cgroup namespace. Engines name a container's own cgroup after the container's id.
final class OwnCgroupMountCheck {
    private OwnCgroupMountCheck() {}

    static boolean isCgroup(MountEntry entry) {
        return entry.filesystem().equals("cgroup") || entry.filesystem().equals("cgroup2");
    }

    /// Whether it shows only the container's own cgroup and those below it.
    static boolean isOwn(MountEntry entry, Container container) {
        return entry.root().contains(container.id()) && !entry.root().endsWith("/..");
    }

    /// Whether a reader in the container cannot know: with a private cgroup namespace, the root of
    /// the container's own cgroup is `/`; otherwise `/` is the root of all cgroups.
    static boolean mayBeOwn(MountEntry entry) {
        return entry.root().equals("/");
    }
}
