package io.github.writeprobe.cri;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import java.time.Duration;
import java.util.List;

/// The kubelet alone starts containers on its node, and removes those that it does not know.
final class NoSidecars implements SidecarRunner {
    @Override
    public ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes) {
        return new ExecOutcome.Failed(
                InconclusiveCause.UNREACHABLE,
                "over the CRI there are no helper containers; use procfs");
    }
}
