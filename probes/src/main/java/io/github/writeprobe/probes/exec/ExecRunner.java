package io.github.writeprobe.probes.exec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A way to run a command in a container: what the exec witness needs of an engine.
public interface ExecRunner {
    /// Runs a command and reads its output to the end. The command's standard input stays open as
    /// long as the connection.
    ///
    /// The channel closes the connection in every case, also after a time-out or an interruption. A
    /// command that watches its standard input can therefore end itself with the connection.
    ///
    /// @param container the container's id
    /// @param user `uid:gid` to run as; empty for the container's own user
    /// @param timeout from the call to the end of the output
    /// @param maxBytes the maximum output, after which the connection is closed
    /// @throws InterruptedException if the caller is interrupted; the connection is closed then
    ExecOutcome run(
            String container,
            List<String> command,
            Optional<String> user,
            Duration timeout,
            int maxBytes)
            throws InterruptedException;
}
