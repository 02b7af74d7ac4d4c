package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.policy.Rule;
import io.github.writeprobe.probes.ProbeResult;
import java.util.List;

/// Everything that the findings of one container are drawn from.
///
/// @param rule the one that counts for the container
/// @param mounts the root filesystem first
/// @param paths every path that was probed, or would have been
record JudgedContainer(
        Container container,
        Rule rule,
        List<ProbeResult> results,
        List<Mount> mounts,
        List<PathReport> paths) {

    Mount rootfs() {
        return mounts.getFirst();
    }
}
