package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.InconclusiveCause;

/// How a command in a container ended.
public sealed interface ExecOutcome {
    /// The output ended; it is decoded as UTF-8. Only the output shows whether the command started:
    /// engines report a failed start there.
    record Finished(String output) implements ExecOutcome {}

    /// The output is missing or incomplete.
    ///
    /// @param detail the engine's message, or what was seen: untrusted text, not safe for a
    ///   terminal
    record Failed(InconclusiveCause cause, String detail) implements ExecOutcome {}
}
