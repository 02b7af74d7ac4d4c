package io.github.writeprobe.docker.clone;

import java.time.Duration;

/// The result of copying files from one container to another.
sealed interface CopyResult {
    /// @param bytes the size of the archive
    record Done(long bytes) implements CopyResult {}

    /// The files changed while the engine read them, so the archive is incomplete.
    record Truncated() implements CopyResult {}

    /// There is more data than may be copied. Part of it may have been copied.
    record TooLarge() implements CopyResult {}

    /// The engine's disk is full, or has so little space left that a copy must not use it.
    record DiskFull() implements CopyResult {}

    record TimedOut(Duration limit) implements CopyResult {}

    /// @param reason the engine's message; untrusted
    record Failed(String reason) implements CopyResult {}
}
