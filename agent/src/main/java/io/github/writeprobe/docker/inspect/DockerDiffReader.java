package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.FileChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads what a container has changed in its filesystem, as `docker diff` does.
public final class DockerDiffReader {
    /// On overlay2 the engine compares the whole image with the container, which takes seconds for
    /// a big image (moby#39428).
    private static final Duration CHANGES_TIMEOUT = Duration.ofSeconds(60);

    /// Enough for some hundred thousand files.
    private static final int MAX_CHANGES_BYTES = 64 << 20;

    private DockerDiffReader() {}

    /// @return nothing for a container that does not exist
    public static List<FileChange> read(EngineCallExecutor calls, String container)
            throws EngineUnavailable, InterruptedException {
        if (!ContainerReferenceValidator.isValid(container)) {
            return List.of();
        }
        String call = "GET /containers/" + container + "/changes";
        return calls.execute(
                call,
                CHANGES_TIMEOUT.compareTo(calls.timeout()) > 0 ? CHANGES_TIMEOUT : calls.timeout(),
                () ->
                        parse(
                                calls.requireJson(
                                        call,
                                        calls.api()
                                                .get(
                                                        "/containers/" + container + "/changes",
                                                        MAX_CHANGES_BYTES))));
    }

    /// @param json `null` if nothing has changed
    static List<FileChange> parse(JsonNode json) {
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
}
