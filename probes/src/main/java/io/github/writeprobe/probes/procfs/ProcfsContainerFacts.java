package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.mounts.MountTable;

/// What has to be known about a container before it is probed.
///
/// @param uids the mapping of its uids to those of the host
/// @param gids the mapping of its gids to those of the host
/// @param facts what else the kernel reports
record ProcfsContainerFacts(MountTable mounts, IdMap uids, IdMap gids, KernelFacts facts) {
    ProcfsContainerFacts {
        requireNonNull(mounts);
        requireNonNull(uids);
        requireNonNull(gids);
        requireNonNull(facts);
    }
}
