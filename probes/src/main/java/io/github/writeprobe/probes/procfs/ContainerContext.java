package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.mounts.MountTable;

/// What has to be known of a container before anything is tried in it.
///
/// @param uids how its users are numbered on the machine
/// @param facts what the kernel says besides
record ContainerContext(MountTable mounts, IdMap uids, IdMap gids, KernelFacts facts) {
    ContainerContext {
        requireNonNull(mounts);
        requireNonNull(uids);
        requireNonNull(gids);
        requireNonNull(facts);
    }
}
