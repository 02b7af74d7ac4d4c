package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.archive.DockerFiles;
import io.github.writeprobe.docker.clone.DockerCloneEnvironment;
import io.github.writeprobe.docker.inspect.Inspection;
import io.github.writeprobe.docker.inspect.SubjectReader;
import io.github.writeprobe.docker.transport.EngineCalls;
import io.github.writeprobe.docker.transport.UrlReferences;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.observe.Subject;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import io.github.writeprobe.recommend.prove.CloneEnvironments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the Docker API reports about the writes of a container.
public final class DockerRecommendEngine implements RecommendEngine, CloneEnvironments {
    /// On overlay2 the engine compares the whole image with the container, which takes seconds for
    /// a big image (moby#39428).
    private static final Duration CHANGES_TIMEOUT = Duration.ofSeconds(60);

    /// Enough for some hundred thousand files.
    private static final int MAX_CHANGES_BYTES = 64 << 20;

    private final EngineCalls calls;

    DockerRecommendEngine(EngineCalls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<Subject> subject(String reference)
            throws EngineUnavailable, InterruptedException {
        return Inspection.read(
                        calls,
                        reference,
                        inspection ->
                                inspection.isHelper()
                                        ? Optional.<Subject>empty()
                                        : Optional.of(SubjectReader.read(calls, inspection)))
                .flatMap(subject -> subject);
    }

    @Override
    public List<FileChange> changes(String container)
            throws EngineUnavailable, InterruptedException {
        return changes(calls, container);
    }

    public static List<FileChange> changes(EngineCalls calls, String container)
            throws EngineUnavailable, InterruptedException {
        if (!UrlReferences.isValid(container)) {
            return List.of();
        }
        String call = "GET /containers/" + container + "/changes";
        return calls.execute(
                call,
                CHANGES_TIMEOUT.compareTo(calls.timeout()) > 0 ? CHANGES_TIMEOUT : calls.timeout(),
                () ->
                        parseChanges(
                                calls.requireJson(
                                        call,
                                        calls.api()
                                                .get(
                                                        "/containers/" + container + "/changes",
                                                        MAX_CHANGES_BYTES))));
    }

    /// @param json `null` if nothing has changed
    static List<FileChange> parseChanges(JsonNode json) {
        List<FileChange> changes = new ArrayList<>();
        if (json.isArray()) {
            for (JsonNode change : json) {
                String path = change.path("Path").asText("");
                FileChange.Kind kind =
                        switch (change.path("Kind").asInt(0)) {
                            case 1 -> FileChange.Kind.ADDED;
                            case 2 -> FileChange.Kind.DELETED;
                            default -> FileChange.Kind.CHANGED;
                        };
                if (path.startsWith("/")) {
                    changes.add(new FileChange(kind, path));
                }
            }
        }
        // Engines list siblings in any order.
        changes.sort(Comparator.comparing(FileChange::path));
        return List.copyOf(changes);
    }

    @Override
    public FileView files(String container) {
        return new DockerFiles(calls, container);
    }

    @Override
    public CloneEnvironment open(Duration life, long copyBytes) {
        return new DockerCloneEnvironment(calls, life, copyBytes);
    }
}
