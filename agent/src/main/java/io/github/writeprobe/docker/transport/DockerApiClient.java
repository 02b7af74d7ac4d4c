package io.github.writeprobe.docker.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.engine.Engine.Identified;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.text.EngineText;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One engine's API, in the newest version that the engine and writeprobe support, at most
/// [ApiVersion#NEWEST]. Blocks, like [HttpTransport].
public final class DockerApiClient implements AutoCloseable {
    private record Negotiated(
            Identified identified, String prefix, boolean isPodman, Instant clock) {}

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private volatile @Nullable Negotiated negotiated;

    public DockerApiClient(Endpoint endpoint, HttpTransport transport) {
        this.endpoint = endpoint;
        this.transport = transport;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /// Requests the engine's versions, and selects one.
    public Identified identify() throws IOException, EngineUnavailable {
        return negotiate().identified();
    }

    public EngineResponse get(String path) throws IOException, EngineUnavailable {
        EngineResponse answer = transport.get(prefix() + path);
        // The engine was replaced with one that supports other versions.
        return answer.refusesVersion() ? transport.get(negotiate().prefix() + path) : answer;
    }

    /// @throws HttpTransport.TooLong if the answer is longer than `maxBytes`
    public EngineResponse get(String path, int maxBytes) throws IOException, EngineUnavailable {
        EngineResponse answer = transport.get(prefix() + path, maxBytes);
        return answer.refusesVersion()
                ? transport.get(negotiate().prefix() + path, maxBytes)
                : answer;
    }

    public EngineResponse post(String path, byte[] json) throws IOException, EngineUnavailable {
        EngineResponse answer = transport.post(prefix() + path, json);
        return answer.refusesVersion() ? transport.post(negotiate().prefix() + path, json) : answer;
    }

    public EngineResponse delete(String path) throws IOException, EngineUnavailable {
        EngineResponse answer = transport.delete(prefix() + path);
        return answer.refusesVersion() ? transport.delete(negotiate().prefix() + path) : answer;
    }

    public HttpTransport.Head head(String path) throws IOException, EngineUnavailable {
        return transport.head(prefix() + path);
    }

    /// Opens an answer that is read as a stream, whatever its status.
    public HttpTransport.Stream stream(String path) throws IOException, EngineUnavailable {
        return transport.open(prefix() + path);
    }

    public EngineResponse put(String path, String type, InputStream body)
            throws IOException, EngineUnavailable {
        return transport.put(prefix() + path, type, body);
    }

    public HttpTransport.Hijacked hijack(String path, byte[] json)
            throws IOException, EngineUnavailable {
        return transport.hijack(prefix() + path, json);
    }

    /// Opens an answer that is read as a stream, and that may not end by itself.
    ///
    /// @throws EngineUnavailable if the engine answers with an error
    public HttpTransport.Stream open(String call, String path)
            throws IOException, EngineUnavailable {
        HttpTransport.Stream first = transport.open(prefix() + path);
        EngineResponse refusal = refusal(first);
        if (refusal == null) {
            return first;
        }
        if (refusal.refusesVersion()) {
            HttpTransport.Stream second = transport.open(negotiate().prefix() + path);
            refusal = refusal(second);
            if (refusal == null) {
                return second;
            }
        }
        throw new EngineUnavailable(DockerErrorMessages.refused(endpoint, call, refusal));
    }

    private static @Nullable EngineResponse refusal(HttpTransport.Stream stream)
            throws IOException {
        if (stream.isOk()) {
            return null;
        }
        try (stream) {
            return stream.refusal();
        }
    }

    /// The engine's clock, if the engine is one that sends its headers only with the first event;
    /// empty if it sends them at once.
    public Optional<Instant> clockIfEventHeadersAreDelayed() throws IOException, EngineUnavailable {
        return isPodman() ? Optional.of(negotiate().clock()) : Optional.empty();
    }

    /// Whether the engine is Podman, which serves Docker's API with differences.
    public boolean isPodman() throws IOException, EngineUnavailable {
        Negotiated known = negotiated;
        return (known == null ? negotiate() : known).isPodman();
    }

    private String prefix() throws IOException, EngineUnavailable {
        Negotiated known = negotiated;
        return (known == null ? negotiate() : known).prefix();
    }

    private Negotiated negotiate() throws IOException, EngineUnavailable {
        EngineResponse answer = transport.get("/version");
        if (!answer.isOk()) {
            throw new EngineUnavailable(
                    DockerErrorMessages.refused(endpoint, "GET /version", answer));
        }
        JsonNode json = answer.json();
        Optional<ApiVersion> newest = ApiVersion.parse(json.path("ApiVersion").asText(""));
        if (newest.isEmpty()) {
            throw new EngineUnavailable(DockerErrorMessages.notAnEngine(endpoint, "GET /version"));
        }
        ApiVersion oldest =
                ApiVersion.parse(json.path("MinAPIVersion").asText("")).orElse(newest.get());
        if (newest.get().compareTo(ApiVersion.OLDEST) < 0) {
            throw new EngineUnavailable(
                    "the engine at %s is too old: it supports API versions up to %s, and writeprobe requires %s; update the engine to 19.03 or later"
                            .formatted(endpoint.displayName(), newest.get(), ApiVersion.OLDEST));
        }
        boolean hasMinVersion = json.hasNonNull("MinAPIVersion");
        if (hasMinVersion && oldest.compareTo(ApiVersion.NEWEST) > 0) {
            throw new EngineUnavailable(
                    "the engine at %s is too new: it requires API version %s, and writeprobe supports versions up to %s; update writeprobe"
                            .formatted(endpoint.displayName(), oldest, ApiVersion.NEWEST));
        }
        ApiVersion version =
                newest.get().compareTo(ApiVersion.NEWEST) < 0 ? newest.get() : ApiVersion.NEWEST;
        Negotiated now =
                new Negotiated(
                        new Identified(
                                EngineText.sanitize(json.path("Version").asText("")),
                                version.toString()),
                        "/v" + version,
                        isPodman(json),
                        answer.date().orElseGet(Instant::now));
        negotiated = now;
        return now;
    }

    private static boolean isPodman(JsonNode version) {
        for (JsonNode component : version.path("Components")) {
            if (component.path("Name").asText("").startsWith("Podman")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        transport.close();
    }
}
