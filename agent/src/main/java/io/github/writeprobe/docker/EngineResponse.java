package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// What an engine answered, read to its end.
///
/// @param date by the engine's clock, to the second; empty if it did not say
@SuppressWarnings("ArrayRecordComponent") // never compared
record EngineResponse(int status, byte[] body, Optional<Instant> date) {
    boolean isOk() {
        return status >= 200 && status < 300;
    }

    /// The body as JSON; a missing node if it is none.
    JsonNode json() {
        try {
            JsonNode node = JsonReading.MAPPER.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    /// The engine's own words for what went wrong; empty if it has none. From a stranger.
    String message() {
        JsonNode json = json();
        if (json.isObject()) {
            return json.path("message").asText("");
        }
        String text = new String(body, UTF_8).strip();
        return text.startsWith("<") ? "" : text;
    }

    /// Whether the engine refuses the API version: "client version 1.52 is too new", and alike.
    boolean refusesVersion() {
        return status == 400 && message().contains("client version");
    }
}
