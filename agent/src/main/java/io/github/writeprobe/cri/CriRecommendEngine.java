package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.inspect.ContainerStatusReader;
import io.github.writeprobe.cri.inspect.CriContainerLister;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.HostFileTail;
import io.github.writeprobe.probes.writes.OverlayChanges;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can be learned about the writes of a pod's container. The CRI has no call for it, so its
/// changes are read from the upper directory of its overlay, and its files through procfs.
final class CriRecommendEngine implements RecommendEngine {
    private static final int MAX_LOG_BYTES = 1 << 20;

    private final CriContainerLister containers;
    private final ContainerStatusReader status;

    CriRecommendEngine(CriContainerLister containers, ContainerStatusReader status) {
        this.containers = requireNonNull(containers);
        this.status = requireNonNull(status);
    }

    @Override
    public Optional<ProposalTarget> subject(String reference)
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

    /// The CRI has no call for it. The runtime writes it to a file of the node, which can be read
    /// where the upper directory can. After a restart it is mostly empty, so the log before it
    /// counts, too.
    @Override
    public List<String> log(String container, int maxLines)
            throws EngineUnavailable, InterruptedException {
        List<String> lines = new ArrayList<>();
        Optional<String> before = containers.predecessor(container);
        if (before.isPresent()) {
            lines.addAll(logOf(before.get()));
        }
        lines.addAll(logOf(container));
        return List.copyOf(lines.subList(Math.max(0, lines.size() - maxLines), lines.size()));
    }

    private List<String> logOf(String container) throws EngineUnavailable, InterruptedException {
        return status.readLogPath(container)
                .flatMap(path -> HostFileTail.read(path, MAX_LOG_BYTES))
                .map(CriLog::lines)
                .orElse(List.of());
    }

    /// None: without procfs, there is no other way to the files.
    @Override
    public FileLookup files(String container) {
        return FileLookup.NONE;
    }
}
