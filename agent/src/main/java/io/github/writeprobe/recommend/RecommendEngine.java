package io.github.writeprobe.recommend;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileView;
import java.util.List;
import java.util.Optional;

/// What recommending needs of an engine, beside what a pass does. Every call ends within its
/// deadline, and none changes a container that writeprobe has not made itself.
public interface RecommendEngine {
    /// A container, with what its image declares.
    ///
    /// @param reference an id or a name
    /// @return empty if there is no such container
    Optional<Subject> subject(String reference) throws EngineUnavailable, InterruptedException;

    /// `docker diff`. Can take seconds for a big image.
    List<FileChange> changes(String container) throws EngineUnavailable, InterruptedException;

    /// Its files, asked of the engine; slower than asking the kernel, and works from afar.
    FileView files(String container);
}
