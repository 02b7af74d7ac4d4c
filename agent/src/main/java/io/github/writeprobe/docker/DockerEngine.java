package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.exec.ExecChannel;
import io.github.writeprobe.probes.sidecar.SidecarChannel;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// An engine that speaks Docker's API.
final class DockerEngine implements Engine {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STATUS = "status";
    private static final List<String> LIVE = List.of("running", "paused");

    private final Api api;
    private final Duration timeout;
    private final Events events;
    private final DockerExecs execs;
    private final DockerSidecars sidecars;

    /// @param timeout for each call but execs; of a stream of events, for its beginning
    DockerEngine(Endpoint endpoint, Wire wire, Duration timeout) {
        this.api = new Api(endpoint, wire);
        this.timeout = requireNonNull(timeout);
        this.events = new Events(api, timeout);
        this.execs = new DockerExecs(api);
        this.sidecars = new DockerSidecars(api);
    }

    @Override
    public String host() {
        return api.endpoint().host();
    }

    @Override
    public Identified identify() throws EngineUnavailable, InterruptedException {
        return call("GET /version", api::identify);
    }

    @Override
    public List<Listed> list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        Map<String, List<String>> asked = new TreeMap<>(filters);
        asked.put(
                STATUS,
                LIVE.stream().filter(filters.getOrDefault(STATUS, LIVE)::contains).toList());
        if (asked.getOrDefault(STATUS, LIVE).isEmpty()) {
            return List.of();
        }
        String what = "GET /containers/json";
        return call(
                what,
                () -> {
                    Answer answer =
                            api.get(
                                    "/containers/json?filters="
                                            + URLEncoder.encode(json(asked), UTF_8));
                    JsonNode entries = expect(what, answer);
                    if (!entries.isArray()) {
                        throw new EngineUnavailable(Trouble.noEngine(api.endpoint(), what));
                    }
                    List<Listed> listed = new ArrayList<>();
                    Instant now = answer.date().orElseGet(Instant::now);
                    for (JsonNode entry : entries) {
                        if (Helpers.live(entry.path("Labels"), Helpers.listed(entry), now)) {
                            continue;
                        }
                        listed.add(
                                Declarations.listed(entry)
                                        .orElseThrow(() ->
                                                new EngineUnavailable(
                                                        Trouble.noEngine(api.endpoint(), what))));
                    }
                    return List.copyOf(listed);
                });
    }

    @Override
    public Optional<Inspected> inspect(String reference)
            throws EngineUnavailable, InterruptedException {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        if (!References.plausible(name)) {
            return Optional.empty();
        }
        String what = "GET /containers/" + name + "/json";
        return call(
                what,
                () -> {
                    Answer answer = api.get("/containers/" + name + "/json");
                    // A server that knows no such route is no engine, and has no message.
                    if (answer.status() == 404 && !answer.message().isEmpty()) {
                        return Optional.empty();
                    }
                    JsonNode json = expect(what, answer);
                    if (Helpers.live(
                            json.path("Config").path("Labels"),
                            Helpers.inspected(json),
                            answer.date().orElseGet(Instant::now))) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            Declarations.inspected(json, host())
                                    .orElseThrow(() ->
                                            new EngineUnavailable(
                                                    Trouble.noEngine(api.endpoint(), what))));
                });
    }

    @Override
    public void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        events.follow(since, listener);
    }

    @Override
    public ExecChannel execs() {
        return execs;
    }

    @Override
    public SidecarChannel sidecars() {
        return sidecars;
    }

    @Override
    public void sweep() throws EngineUnavailable, InterruptedException {
        call("GET /containers/json", sidecars.sweep());
    }

    @Override
    public void close() {
        api.close();
    }

    private JsonNode expect(String what, Answer answer) throws EngineUnavailable {
        if (!answer.ok()) {
            throw new EngineUnavailable(Trouble.refused(api.endpoint(), what, answer));
        }
        return answer.json();
    }

    private <T> T call(String what, Callable<T> work)
            throws EngineUnavailable, InterruptedException {
        try {
            return Deadline.within(api.endpoint().workers(), timeout, work);
        } catch (TimeoutException e) {
            throw new EngineUnavailable(Trouble.timedOut(api.endpoint(), what, timeout), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailable known) {
                throw known;
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EngineUnavailable(Trouble.broken(api.endpoint(), what, cause), cause);
        }
    }

    private static String json(Map<String, List<String>> filters) {
        try {
            return JSON.writeValueAsString(filters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
