package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.probes.ProbeResult;
import java.util.List;

/// The input for the findings of one container.
///
/// @param rule the policy rule that applies to the container
/// @param mounts the root filesystem first
/// @param paths every path that was probed, or should have been
record JudgingInput(
        Container container,
        ContainerPolicyRule rule,
        List<ProbeResult> results,
        List<JudgedMount> mounts,
        List<PathReport> paths) {

    JudgedMount rootfs() {
        return mounts.getFirst();
    }
}
