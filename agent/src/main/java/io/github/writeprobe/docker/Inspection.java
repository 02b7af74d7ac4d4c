package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// What an engine's inspect said of a container. To be asked for on a thread of [Calls].
///
/// @param now by the engine's clock
record Inspection(JsonNode json, Instant now) {
    private static final int MISSING = 404;

    static String what(String reference) {
        return "GET /containers/" + reference + "/json";
    }

    /// @param reference an id or a name, [References#plausible]
    /// @return empty if there is no such container
    static Optional<Inspection> of(Calls calls, String reference)
            throws IOException, EngineUnavailable {
        Answer answer = calls.api().get("/containers/" + reference + "/json");
        // A server that knows no such route is no engine, and has no message.
        if (answer.status() == MISSING && !answer.message().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Inspection(
                        calls.expect(what(reference), answer),
                        answer.date().orElseGet(Instant::now)));
    }

    /// Whether it is a helper that somebody may need still.
    boolean helper() {
        return Helpers.live(json.path("Config").path("Labels"), Helpers.inspected(json), now);
    }
}
