package io.github.writeprobe.docker;

import java.time.Duration;

/// What came of copying files from one container to another.
sealed interface CopyResult {
    /// @param bytes of the archive
    record Done(long bytes) implements CopyResult {}

    /// The files changed so that the engine could not read them to their end.
    record Truncated() implements CopyResult {}

    /// There is more than may be copied; some of it may have arrived.
    record TooLarge() implements CopyResult {}

    /// The engine's disk is full, or so nearly that it must not be filled by a copy.
    record DiskFull() implements CopyResult {}

    record TimedOut(Duration limit) implements CopyResult {}

    /// @param reason in the engine's words. A stranger's text
    record Failed(String reason) implements CopyResult {}
}
