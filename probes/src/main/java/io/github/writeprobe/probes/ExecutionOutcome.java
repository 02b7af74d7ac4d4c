package io.github.writeprobe.probes;

/// What came of trying to run the file that was written.
public sealed interface ExecutionOutcome {
    /// It ran, or the kernel says that it would: a file can be written here and executed.
    record Ran() implements ExecutionOutcome {}

    /// The kernel refused to run it: with EACCES the mount is noexec, or a security module says no.
    record Refused(Errno errno) implements ExecutionOutcome {}

    /// It was not tried, or the answer says nothing.
    ///
    /// @param reason in a few words for a person
    record Untested(String reason) implements ExecutionOutcome {}
}
