package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.Cause;

/// How a command in a container ended.
public sealed interface ExecOutcome {
    /// The output ended; it is read as UTF-8. Whether the command started at all, only the output
    /// tells: an engine reports a failed start there.
    record Finished(String output) implements ExecOutcome {}

    /// There is no whole output.
    ///
    /// @param detail what the engine said or what was seen, from a stranger: not safe for a
    ///   terminal
    record Failed(Cause cause, String detail) implements ExecOutcome {}
}
