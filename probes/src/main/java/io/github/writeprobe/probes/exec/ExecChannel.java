package io.github.writeprobe.probes.exec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A way to run a command in a container: what the exec witness needs of an engine.
public interface ExecChannel {
    /// Runs a command, with its standard input open for as long as the connection is, and hears it
    /// out.
    ///
    /// The command's life ends with the connection at the latest for a command that watches its
    /// standard input; the channel closes the connection in every case, on time-out and
    /// interruption too.
    ///
    /// @param container the container's id
    /// @param user `uid:gid` to run as; empty for the container's own user
    /// @param timeout from the call to the end of the output
    /// @param maxBytes of output to hear before hanging up
    /// @throws InterruptedException if the caller is interrupted; the connection is closed then
    ExecOutcome run(
            String container,
            List<String> command,
            Optional<String> user,
            Duration timeout,
            int maxBytes)
            throws InterruptedException;
}
