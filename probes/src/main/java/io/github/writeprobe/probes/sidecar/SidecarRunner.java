package io.github.writeprobe.probes.sidecar;

import io.github.writeprobe.probes.exec.ExecOutcome;
import java.time.Duration;
import java.util.List;

/// A way to run a command in a helper container: what the sidecar witness needs of an engine.
public interface SidecarRunner {
    /// Creates a helper container, runs a command in it, reads its output to the end, and removes
    /// the helper.
    ///
    /// The helper is in the container's PID namespace, where the container's first process must
    /// have PID 1; other containers are refused. The helper has no network and no writable mount of
    /// its own. It has only the capabilities to enter the container's root directory and to switch
    /// to another user, and DAC_OVERRIDE if the container has it. It starts as uid 0. Its standard
    /// input stays open as long as the connection.
    ///
    /// The helper is removed in every case, also after a time-out or an interruption. If this
    /// process is killed, a later clean-up removes the helper.
    ///
    /// @param image the helper's image; the engine must already have it
    /// @param container the id of the container to probe
    /// @param command run in the helper, found in the image's PATH
    /// @param timeout from the call to the end of the output, without the removal
    /// @param maxBytes the maximum output, after which the connection is closed
    /// @throws InterruptedException if the caller is interrupted; the helper is removed then
    ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes)
            throws InterruptedException;
}
