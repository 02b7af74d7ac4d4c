package io.github.writeprobe.probes.trace;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.OptionalLong;

/// One mount call of a process.
///
/// @param at when it was made, by the clock of the host
/// @param entered the same by [System#nanoTime()]
/// @param returned when it ended; empty while it runs
/// @param flags of the call
/// @param result negative if it failed
public record MountCall(
        Instant at,
        long entered,
        OptionalLong returned,
        MountSyscall call,
        long flags,
        long result,
        Caller caller) {
    public MountCall {
        requireNonNull(at);
        requireNonNull(returned);
        requireNonNull(call);
        requireNonNull(caller);
    }

    MountCall returned(long when, long with) {
        return new MountCall(at, entered, OptionalLong.of(when), call, flags, with, caller);
    }

    /// Whether it changed a mount table, or may do so yet.
    boolean mayHaveChangedMounts() {
        return call.changesTable() && (returned.isEmpty() || result >= 0);
    }

    /// Whether it was under way at some time between two.
    boolean overlaps(long since, long until) {
        return entered - until <= 0 && (returned.isEmpty() || returned.getAsLong() - since >= 0);
    }
}
