package io.github.writeprobe.probes.trace;

/// What one line of a trace says.
sealed interface TraceEvent {
    /// A thread has called.
    ///
    /// @param thread its id in the host's PID namespace
    /// @param at by [System#nanoTime()], in microseconds' steps
    /// @param flags the argument that says what the call does
    record Entered(int thread, long at, MountSyscall call, long flags) implements TraceEvent {}

    /// The call of a thread has returned.
    ///
    /// @param result negative if it failed
    record Returned(int thread, long at, MountSyscall call, long result) implements TraceEvent {}

    /// Events were overwritten before they were read.
    record Lost(long events) implements TraceEvent {}
}
