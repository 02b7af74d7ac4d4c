package io.github.writeprobe.cycle;

/// Hears how far a pass has come. Called from many threads.
public interface Progress {
    /// @param done containers that are finished
    /// @param total containers that are known so far
    void at(int done, int total);
}
