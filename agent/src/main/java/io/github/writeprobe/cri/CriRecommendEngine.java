package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.inspect.ContainerList;
import io.github.writeprobe.cri.inspect.ContainerStatusReader;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.OverlayChanges;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ObservedContainer;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import java.util.List;
import java.util.Optional;

/// What can be learned about the writes of a pod's container. The CRI has no call for it, so its
/// changes are read from the upper directory of its overlay, and its files through procfs.
final class CriRecommendEngine implements RecommendEngine {
    private final ContainerList containers;
    private final ContainerStatusReader status;

    CriRecommendEngine(ContainerList containers, ContainerStatusReader status) {
        this.containers = requireNonNull(containers);
        this.status = requireNonNull(status);
    }

    @Override
    public Optional<ObservedContainer> subject(String reference)
            throws EngineUnavailable, InterruptedException {
        Optional<String> id = containers.resolve(reference);
        return id.isEmpty() ? Optional.empty() : status.readSubject(id.get());
    }

    @Override
    public List<FileChange> changes(String container)
            throws EngineUnavailable, InterruptedException {
        long pid = subject(container).map(s -> s.container().pid()).orElse(0L);
        return switch (OverlayChanges.read(pid, container)) {
            case OverlayChanges.Result.Found(List<OverlayChanges.Change> changes) ->
                    changes.stream()
                            .map(change -> new FileChange(kind(change), change.path()))
                            .toList();
            case OverlayChanges.Result.Unavailable(String reason) ->
                    throw new EngineUnavailable(reason);
        };
    }

    private static FileChange.Kind kind(OverlayChanges.Change change) {
        return switch (change.kind()) {
            case ADDED -> FileChange.Kind.ADDED;
            case CHANGED -> FileChange.Kind.CHANGED;
            case DELETED -> FileChange.Kind.DELETED;
        };
    }

    /// None: the kubelet reads the log of a container, and the CRI has no call for it.
    @Override
    public List<String> log(String container, int maxLines) {
        return List.of();
    }

    /// None: without procfs, there is no other way to the files.
    @Override
    public FileLookup files(String container) {
        return FileLookup.NONE;
    }
}
