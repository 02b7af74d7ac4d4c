package io.github.writeprobe.cycle;

/// Hears how far a pass has come. Called from many threads.
public interface ProgressListener {
    /// @param done containers that are finished
    /// @param total containers that are known so far
    void update(int done, int total);
}
