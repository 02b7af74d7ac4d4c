package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// What an engine's inspect said of a container. To be asked for on a thread of [Calls].
///
/// @param reference by which it was asked for
/// @param now by the engine's clock
record Inspection(String reference, JsonNode json, Instant now) {
    private static final int MISSING = 404;

    /// Makes something of what an engine said.
    interface Reading<T> {
        T of(Inspection seen) throws IOException, EngineUnavailable;
    }

    /// What is made of a container, on a thread of [Calls].
    ///
    /// @param reference an id or a name, as a person or an engine gives it
    /// @return empty if there is no such container, or it is a helper that somebody may need still
    static <T> Optional<T> read(Calls calls, String reference, Reading<T> reading)
            throws EngineUnavailable, InterruptedException {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        if (!References.plausible(name)) {
            return Optional.empty();
        }
        return calls.make(
                what(name),
                () -> {
                    Optional<Inspection> seen = of(calls, name).filter(one -> !one.helper());
                    return seen.isEmpty() ? Optional.empty() : Optional.of(reading.of(seen.get()));
                });
    }

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
                        reference,
                        calls.expect(what(reference), answer),
                        answer.date().orElseGet(Instant::now)));
    }

    /// Whether it is a helper that somebody may need still.
    boolean helper() {
        return Helpers.live(json.path("Config").path("Labels"), Helpers.inspected(json), now);
    }
}
