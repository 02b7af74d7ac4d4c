package io.github.writeprobe.audit;

/// Is told the progress of a cycle. Called from many threads.
public interface ProgressListener {
    /// @param done containers that are finished
    /// @param total containers that are known so far
    void update(int done, int total);
}
