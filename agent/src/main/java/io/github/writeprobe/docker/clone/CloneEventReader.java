package io.github.writeprobe.docker.clone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.docker.transport.JsonObjectStreamReader;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.prove.Clone.ClientRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads from the engine's events which signals were sent to a clone, and which commands were
/// executed in it. An engine keeps some hundred events, so older ones may be missing.
final class CloneEventReader {
    private static final int MAX_EVENT_BYTES = 256 << 10;
    private static final int MAX_REQUESTS = 1_000;
    private static final String EXEC = "exec_create: ";

    private CloneEventReader() {}

    /// @param name of the clone
    /// @return empty if the engine does not answer: a proof does not depend on it
    static List<ClientRequest> read(EngineCallExecutor calls, String name)
            throws InterruptedException {
        try {
            return calls.execute("GET /events", () -> events(calls, name));
        } catch (EngineUnavailable e) {
            return List.of();
        }
    }

    private static List<ClientRequest> events(EngineCallExecutor calls, String name)
            throws IOException, EngineUnavailable {
        // Docker ends the stream at a given time, but waits for one in the future. Podman has a
        // parameter for a stream that ends.
        EngineResponse info = calls.api().get("/info");
        Optional<Instant> now = info.isOk() ? systemTime(info.json()) : Optional.empty();
        if (now.isEmpty()) {
            return List.of();
        }
        Instant until = now.get();
        String filters =
                URLEncoder.encode(
                        "{\"type\":[\"container\"],\"container\":[\"" + name + "\"]}", UTF_8);
        List<ClientRequest> requests = new ArrayList<>();
        try (HttpTransport.Stream stream =
                calls.api().stream(
                        "/events?since=0&stream=false&until="
                                + "%d.%09d".formatted(until.getEpochSecond(), until.getNano())
                                + "&filters="
                                + filters)) {
            if (!stream.isOk()) {
                return List.of();
            }
            JsonObjectStreamReader objects =
                    JsonObjectStreamReader.stream(stream.body(), MAX_EVENT_BYTES);
            Optional<JsonObjectStreamReader.Element> object = objects.next();
            while (object.isPresent() && requests.size() < MAX_REQUESTS) {
                request(object.get().json()).ifPresent(requests::add);
                object = objects.next();
            }
        }
        return requests;
    }

    private static Optional<Instant> systemTime(JsonNode info) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(info.path("SystemTime").asText("")).toInstant());
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    static Optional<ClientRequest> request(JsonNode event) {
        String action = event.path("Action").asText("");
        if (action.startsWith(EXEC)) {
            return Optional.of(new ClientRequest.Command(action.substring(EXEC.length())));
        }
        int signal = event.path("Actor").path("Attributes").path("signal").asInt(0);
        return action.equals("kill") && signal > 0
                ? Optional.of(new ClientRequest.Signal(signal))
                : Optional.empty();
    }
}
