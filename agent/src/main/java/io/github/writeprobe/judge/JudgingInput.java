package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.policy.Rule;
import io.github.writeprobe.probes.ProbeResult;
import java.util.List;

/// The input for the findings of one container.
///
/// @param rule the policy rule that applies to the container
/// @param mounts the root filesystem first
/// @param paths every path that was probed, or should have been
record JudgingInput(
        Container container,
        Rule rule,
        List<ProbeResult> results,
        List<Mount> mounts,
        List<PathReport> paths) {

    Mount rootfs() {
        return mounts.getFirst();
    }
}
