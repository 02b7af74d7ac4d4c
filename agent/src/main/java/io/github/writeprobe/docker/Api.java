package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.Engine.Identified;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One engine's API, in a version that both sides know: the newest of the engine's that is not
/// newer than [ApiVersion#NEWEST]. Blocks, like [Wire].
final class Api implements AutoCloseable {
    private record Agreed(Identified identified, String prefix) {}

    private final Endpoint endpoint;
    private final Wire wire;
    private volatile @Nullable Agreed agreed;

    Api(Endpoint endpoint, Wire wire) {
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

    Answer get(String path) throws IOException, EngineUnavailable {
        Answer answer = wire.get(prefix() + path);
        // The engine was replaced by one of another age.
        return answer.refusesVersion() ? wire.get(negotiate().prefix() + path) : answer;
    }

    Answer post(String path, byte[] json) throws IOException, EngineUnavailable {
        Answer answer = wire.post(prefix() + path, json);
        return answer.refusesVersion() ? wire.post(negotiate().prefix() + path, json) : answer;
    }

    Wire.Hijacked hijack(String path, byte[] json) throws IOException, EngineUnavailable {
        return wire.hijack(prefix() + path, json);
    }

    private String prefix() throws IOException, EngineUnavailable {
        Agreed known = agreed;
        return (known == null ? negotiate() : known).prefix();
    }

    private Agreed negotiate() throws IOException, EngineUnavailable {
        Answer answer = wire.get("/version");
        if (!answer.ok()) {
            throw new EngineUnavailable(Trouble.refused(endpoint, "GET /version", answer));
        }
        JsonNode json = answer.json();
        Optional<ApiVersion> newest = ApiVersion.parse(json.path("ApiVersion").asText(""));
        if (newest.isEmpty()) {
            throw new EngineUnavailable(Trouble.noEngine(endpoint, "GET /version"));
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
                                Plain.text(json.path("Version").asText("")), version.toString()),
                        "/v" + version);
        agreed = now;
        return now;
    }

    @Override
    public void close() {
        wire.close();
    }
}
