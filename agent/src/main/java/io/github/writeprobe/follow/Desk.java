package io.github.writeprobe.follow;

import java.util.function.LongSupplier;

/// What the rosters share.
///
/// @param nanoTime like [System#nanoTime()]
record Desk(
        Lanes lanes, Board board, Journal journal, Instruments instruments, LongSupplier nanoTime) {
    long now() {
        return nanoTime.getAsLong();
    }
}
