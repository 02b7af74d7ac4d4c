package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.Engine.Identified;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One engine's API, in a version that both sides know: the newest of the engine's that is not
/// newer than [ApiVersion#NEWEST]. Blocks, like [HttpTransport].
final class Api implements AutoCloseable {
    private record Agreed(Identified identified, String prefix, boolean podman, Instant clock) {}

    private final Endpoint endpoint;
    private final HttpTransport wire;
    private volatile @Nullable Agreed agreed;

    Api(Endpoint endpoint, HttpTransport wire) {
        this.endpoint = endpoint;
        this.wire = wire;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// Asks for the engine's versions, and agrees on one.
    Identified identify() throws IOException, EngineUnavailable {
        return negotiate().identified();
    }

    EngineResponse get(String path) throws IOException, EngineUnavailable {
        EngineResponse answer = wire.get(prefix() + path);
        // The engine was replaced by one of another age.
        return answer.refusesVersion() ? wire.get(negotiate().prefix() + path) : answer;
    }

    /// @throws Wire.TooLong if the answer is longer than that
    EngineResponse get(String path, int maxBytes) throws IOException, EngineUnavailable {
        EngineResponse answer = wire.get(prefix() + path, maxBytes);
        return answer.refusesVersion() ? wire.get(negotiate().prefix() + path, maxBytes) : answer;
    }

    EngineResponse post(String path, byte[] json) throws IOException, EngineUnavailable {
        EngineResponse answer = wire.post(prefix() + path, json);
        return answer.refusesVersion() ? wire.post(negotiate().prefix() + path, json) : answer;
    }

    EngineResponse delete(String path) throws IOException, EngineUnavailable {
        EngineResponse answer = wire.delete(prefix() + path);
        return answer.refusesVersion() ? wire.delete(negotiate().prefix() + path) : answer;
    }

    HttpTransport.Head head(String path) throws IOException, EngineUnavailable {
        return wire.head(prefix() + path);
    }

    /// An answer to be read as it comes, whatever its status.
    HttpTransport.Stream stream(String path) throws IOException, EngineUnavailable {
        return wire.open(prefix() + path);
    }

    EngineResponse put(String path, String type, InputStream body)
            throws IOException, EngineUnavailable {
        return wire.put(prefix() + path, type, body);
    }

    HttpTransport.Hijacked hijack(String path, byte[] json) throws IOException, EngineUnavailable {
        return wire.hijack(prefix() + path, json);
    }

    /// Opens an answer that is read as it comes, and may not end by itself.
    ///
    /// @throws EngineUnavailable if the engine answers something else
    HttpTransport.Stream open(String what, String path) throws IOException, EngineUnavailable {
        HttpTransport.Stream first = wire.open(prefix() + path);
        EngineResponse refusal = refusal(first);
        if (refusal == null) {
            return first;
        }
        if (refusal.refusesVersion()) {
            HttpTransport.Stream second = wire.open(negotiate().prefix() + path);
            refusal = refusal(second);
            if (refusal == null) {
                return second;
            }
        }
        throw new EngineUnavailable(EngineErrors.refused(endpoint, what, refusal));
    }

    private static @Nullable EngineResponse refusal(HttpTransport.Stream stream)
            throws IOException {
        if (stream.ok()) {
            return null;
        }
        try (stream) {
            return stream.refusal();
        }
    }

    /// The engine's clock, if the engine is one that shows the first sign of following events with
    /// the first event; empty if it answers at once.
    Optional<Instant> clockOfLateFollower() throws IOException, EngineUnavailable {
        Agreed known = agreed;
        return (known == null ? negotiate() : known).podman()
                ? Optional.of(negotiate().clock())
                : Optional.empty();
    }

    private String prefix() throws IOException, EngineUnavailable {
        Agreed known = agreed;
        return (known == null ? negotiate() : known).prefix();
    }

    private Agreed negotiate() throws IOException, EngineUnavailable {
        EngineResponse answer = wire.get("/version");
        if (!answer.ok()) {
            throw new EngineUnavailable(EngineErrors.refused(endpoint, "GET /version", answer));
        }
        JsonNode json = answer.json();
        Optional<ApiVersion> newest = ApiVersion.parse(json.path("ApiVersion").asText(""));
        if (newest.isEmpty()) {
            throw new EngineUnavailable(EngineErrors.noEngine(endpoint, "GET /version"));
        }
        ApiVersion oldest =
                ApiVersion.parse(json.path("MinAPIVersion").asText("")).orElse(newest.get());
        if (newest.get().compareTo(ApiVersion.OLDEST) < 0) {
            throw new EngineUnavailable(
                    "the engine at %s is too old: it speaks the API up to %s, writeprobe from %s; update the engine to 19.03 or later"
                            .formatted(endpoint.shown(), newest.get(), ApiVersion.OLDEST));
        }
        boolean ancestor = json.hasNonNull("MinAPIVersion");
        if (ancestor && oldest.compareTo(ApiVersion.NEWEST) > 0) {
            throw new EngineUnavailable(
                    "the engine at %s is too new: it speaks the API from %s, writeprobe up to %s; update writeprobe"
                            .formatted(endpoint.shown(), oldest, ApiVersion.NEWEST));
        }
        ApiVersion version =
                newest.get().compareTo(ApiVersion.NEWEST) < 0 ? newest.get() : ApiVersion.NEWEST;
        Agreed now =
                new Agreed(
                        new Identified(
                                EngineText.text(json.path("Version").asText("")),
                                version.toString()),
                        "/v" + version,
                        podman(json),
                        answer.date().orElseGet(Instant::now));
        agreed = now;
        return now;
    }

    private static boolean podman(JsonNode version) {
        for (JsonNode component : version.path("Components")) {
            if (component.path("Name").asText("").startsWith("Podman")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        wire.close();
    }
}
