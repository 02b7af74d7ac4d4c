package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.recommend.Bench;
import io.github.writeprobe.recommend.Benches;
import io.github.writeprobe.recommend.Change;
import io.github.writeprobe.recommend.Subject;
import io.github.writeprobe.recommend.Workshop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What Docker's API knows of what a container writes.
final class DockerWorkshop implements Workshop, Benches {
    /// On overlay2 the engine compares the whole image with the container: seconds for a big one
    /// (moby#39428).
    private static final Duration COMPARING = Duration.ofSeconds(60);

    /// Some hundred thousand files.
    private static final int MAX_CHANGES_BYTES = 64 << 20;

    private final Calls calls;

    DockerWorkshop(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<Subject> subject(String reference)
            throws EngineUnavailable, InterruptedException {
        return Inspection.read(
                        calls,
                        reference,
                        seen ->
                                seen.helper()
                                        ? Optional.<Subject>empty()
                                        : Optional.of(Subjects.of(calls, seen)))
                .flatMap(subject -> subject);
    }

    @Override
    public List<Change> changes(String container) throws EngineUnavailable, InterruptedException {
        return changes(calls, container);
    }

    static List<Change> changes(Calls calls, String container)
            throws EngineUnavailable, InterruptedException {
        if (!References.plausible(container)) {
            return List.of();
        }
        String what = "GET /containers/" + container + "/changes";
        return calls.make(
                what,
                COMPARING.compareTo(calls.timeout()) > 0 ? COMPARING : calls.timeout(),
                () ->
                        changes(
                                calls.expect(
                                        what,
                                        calls.api()
                                                .get(
                                                        "/containers/" + container + "/changes",
                                                        MAX_CHANGES_BYTES))));
    }

    /// @param json `null` where nothing has changed
    static List<Change> changes(JsonNode json) {
        List<Change> changes = new ArrayList<>();
        if (json.isArray()) {
            for (JsonNode change : json) {
                String path = change.path("Path").asText("");
                Change.Kind kind =
                        switch (change.path("Kind").asInt(0)) {
                            case 1 -> Change.Kind.ADDED;
                            case 2 -> Change.Kind.DELETED;
                            default -> Change.Kind.CHANGED;
                        };
                if (path.startsWith("/")) {
                    changes.add(new Change(kind, path));
                }
            }
        }
        // Engines list siblings in any order.
        changes.sort(Comparator.comparing(Change::path));
        return List.copyOf(changes);
    }

    @Override
    public FileView files(String container) {
        return new DockerFiles(calls, container);
    }

    @Override
    public Bench open(Duration life, long copyBytes) {
        return new DockerBench(calls, life, copyBytes);
    }
}
