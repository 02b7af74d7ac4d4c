package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import java.util.List;
import java.util.Optional;

/// What recommending needs of an engine, in addition to what an audit needs. Every call ends within
/// its deadline, and no call changes a container that writeprobe did not create.
public interface RecommendEngine {
    /// A container with the declarations of its image.
    ///
    /// @param reference an id or a name
    /// @return empty if there is no such container
    Optional<ProposalTarget> subject(String reference)
            throws EngineUnavailable, InterruptedException;

    /// `docker diff`. It can take seconds for a large image.
    List<FileChange> changes(String container) throws EngineUnavailable, InterruptedException;

    /// Which of the changes Compose made before the container's first start: inline configs, and
    /// secrets from the environment. Compose refuses these in a read-only service.
    ///
    /// @param changes those of [#changes(String)]
    /// @return paths
    default List<String> injected(ProposalTarget subject, List<FileChange> changes)
            throws EngineUnavailable, InterruptedException {
        return List.of();
    }

    /// The last lines of a container's log; none if the engine cannot read its logs. Untrusted
    /// text.
    List<String> log(String container, int maxLines) throws EngineUnavailable, InterruptedException;

    /// The files of a container, read through the engine's API. This is slower than procfs, but
    /// works remotely.
    FileLookup files(String container);
}
