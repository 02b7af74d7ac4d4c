package io.github.writeprobe.probes.sidecar;

import io.github.writeprobe.probes.exec.ExecOutcome;
import java.time.Duration;
import java.util.List;

/// A way to run a command beside a container: what the sidecar witness needs of an engine.
public interface SidecarChannel {
    /// Runs a command in a helper container made for it, hears it out, and removes the helper.
    ///
    /// The helper is in the container's PID namespace, where the container's first process is
    /// number 1; a container whose first process is not is refused. It has no network, nothing to
    /// write to of its own, and of the capabilities only those for going into the container's root
    /// directory and becoming another user, and DAC_OVERRIDE if the container has it. It starts as
    /// uid 0, with its standard input open for as long as the connection is.
    ///
    /// It is removed in every case, on time-out and interruption too; if this process is killed, by
    /// whoever sweeps later.
    ///
    /// @param image the helper's; the engine has to have it already
    /// @param container the id of the one that is asked about
    /// @param command run in the helper, found by the image's PATH
    /// @param timeout from the call to the end of the output; removal not counted
    /// @param maxBytes of output to hear before hanging up
    /// @throws InterruptedException if the caller is interrupted; the helper is removed then
    ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes)
            throws InterruptedException;
}
