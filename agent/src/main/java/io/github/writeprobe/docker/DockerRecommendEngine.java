package io.github.writeprobe.docker;

import io.github.writeprobe.docker.archive.DockerArchiveFileLookup;
import io.github.writeprobe.docker.clone.DockerCloneEnvironment;
import io.github.writeprobe.docker.inspect.ContainerInspectResponse;
import io.github.writeprobe.docker.inspect.ContainerLog;
import io.github.writeprobe.docker.inspect.DockerDiffReader;
import io.github.writeprobe.docker.inspect.ProposalTargetReader;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the Docker API reports about the writes of a container.
public final class DockerRecommendEngine implements RecommendEngine, CloneEnvironmentFactory {

    private final EngineCallExecutor calls;

    DockerRecommendEngine(EngineCallExecutor calls) {
        this.calls = calls;
    }

    @Override
    public Optional<ProposalTarget> subject(String reference)
            throws EngineUnavailable, InterruptedException {
        return ContainerInspectResponse.read(
                        calls,
                        reference,
                        inspection ->
                                inspection.isHelper()
                                        ? Optional.<ProposalTarget>empty()
                                        : Optional.of(ProposalTargetReader.read(calls, inspection)))
                .flatMap(subject -> subject);
    }

    @Override
    public List<FileChange> changes(String container)
            throws EngineUnavailable, InterruptedException {
        return DockerDiffReader.read(calls, container);
    }

    @Override
    public List<String> injected(ProposalTarget subject, List<FileChange> changes)
            throws EngineUnavailable, InterruptedException {
        return ComposeInjectedFileFinder.of(calls, subject, changes);
    }

    @Override
    public List<String> log(String container, int maxLines)
            throws EngineUnavailable, InterruptedException {
        Optional<ContainerInspectResponse> inspection =
                ContainerInspectResponse.read(calls, container, found -> found);
        return inspection.isEmpty()
                ? List.of()
                : ContainerLog.read(calls, inspection.get(), maxLines);
    }

    @Override
    public FileLookup files(String container) {
        return new DockerArchiveFileLookup(calls, container);
    }

    @Override
    public CloneEnvironment open(Duration life, long copyBytes) {
        return new DockerCloneEnvironment(calls, life, copyBytes);
    }
}
