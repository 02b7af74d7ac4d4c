package io.github.writeprobe.probes;

/// The result of trying to execute the file that was written.
public sealed interface FileExecutionResult {
    /// The file ran, or the kernel says that it would: a file can be written here and executed.
    record Ran() implements FileExecutionResult {}

    /// The kernel refused to execute the file. With EACCES, the mount is noexec or a security
    /// module denied it.
    record Refused(Errno errno) implements FileExecutionResult {}

    /// Execution was not tried, or its result proves nothing.
    ///
    /// @param reason a short text for people
    record Untested(String reason) implements FileExecutionResult {}
}
