package io.github.writeprobe.docker.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// An engine's complete answer.
///
/// @param date by the engine's clock, in whole seconds; empty if the answer has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EngineResponse(int status, byte[] body, Optional<Instant> date) {
    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /// The body as JSON; a missing node if it is not JSON.
    public JsonNode json() {
        try {
            JsonNode node = EngineJsonParser.MAPPER.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    /// The engine's error message; empty if there is none. Untrusted.
    public String message() {
        JsonNode json = json();
        if (json.isObject()) {
            return json.path("message").asText("");
        }
        String text = new String(body, UTF_8).strip();
        return text.startsWith("<") ? "" : text;
    }

    /// Whether the engine rejects the API version, as in "client version 1.52 is too new".
    boolean refusesVersion() {
        return status == 400 && message().contains("client version");
    }
}
