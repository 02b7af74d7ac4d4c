package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.recommend.Clone;
import io.github.writeprobe.recommend.FileChange;
import io.github.writeprobe.recommend.Subject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A clone, by its name.
final class DockerClone implements Clone {
    private static final byte[] NOTHING = new byte[0];
    private static final int LOG_BYTES = 1 << 20;

    /// Starting takes a second at most on a machine at rest.
    private static final Duration STARTING = Duration.ofSeconds(60);

    private final EngineCalls calls;
    private final String name;
    private final Optional<String> network;
    private final Runnable removal;

    /// @param removal of it, and of what was made for it alone
    DockerClone(EngineCalls calls, String name, Optional<String> network, Runnable removal) {
        this.calls = calls;
        this.name = name;
        this.network = network;
        this.removal = removal;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> start() throws EngineUnavailable, InterruptedException {
        EngineResponse answer =
                calls.make(
                        "POST /containers/ID/start",
                        STARTING,
                        () -> calls.api().post("/containers/" + name + "/start", NOTHING));
        return answer.status() < 400
                ? Optional.empty()
                : Optional.of(
                        answer.message().isEmpty()
                                ? "the engine answered " + answer.status()
                                : answer.message());
    }

    @Override
    public Condition condition() throws EngineUnavailable, InterruptedException {
        JsonNode state = inspected().json().path("State");
        if (!state.path("Running").asBoolean(false)) {
            return new Condition.Ended(
                    state.path("ExitCode").asInt(0),
                    state.path("OOMKilled").asBoolean(false),
                    state.path("Error").asText(""));
        }
        return new Condition.Running(
                switch (state.path("Health").path("Status").asText("")) {
                    case "starting" -> Health.STARTING;
                    case "healthy" -> Health.HEALTHY;
                    case "unhealthy" -> Health.UNHEALTHY;
                    default -> Health.UNKNOWN;
                });
    }

    private Inspection inspected() throws EngineUnavailable, InterruptedException {
        String what = Inspection.what(name);
        return calls.make(what, () -> Inspection.of(calls, name).orElseThrow(this::gone));
    }

    private EngineUnavailable gone() {
        return new EngineUnavailable(
                "the clone %s is gone before its time: did somebody remove it?".formatted(name));
    }

    @Override
    public Subject subject() throws EngineUnavailable, InterruptedException {
        Inspection seen = inspected();
        return calls.make(Inspection.what(name), () -> SubjectReader.of(calls, seen));
    }

    @Override
    public Map<String, String> environment() throws EngineUnavailable, InterruptedException {
        Map<String, String> variables = new HashMap<>();
        variables.put("WRITEPROBE_CONTAINER", name);
        variables.put("WRITEPROBE_ADDRESS", address());
        variables.put("DOCKER_HOST", calls.api().endpoint().host());
        calls.api()
                .endpoint()
                .tls()
                .ifPresent(tls -> {
                    variables.put("DOCKER_TLS_VERIFY", "1");
                    variables.put("DOCKER_CERT_PATH", tls.directory());
                });
        return variables;
    }

    private String address() throws EngineUnavailable, InterruptedException {
        return network.isEmpty()
                ? ""
                : inspected()
                        .json()
                        .path("NetworkSettings")
                        .path("Networks")
                        .path(network.get())
                        .path("IPAddress")
                        .asText("");
    }

    @Override
    public List<FileChange> changes() throws EngineUnavailable, InterruptedException {
        return DockerRecommendEngine.changes(calls, name);
    }

    @Override
    public FileView files() {
        return new DockerFiles(calls, name);
    }

    @Override
    public List<String> log(int most) throws EngineUnavailable, InterruptedException {
        boolean terminal = inspected().json().path("Config").path("Tty").asBoolean(false);
        return calls.make(
                "GET /containers/ID/logs",
                () -> {
                    try (HttpTransport.Stream stream =
                            calls.api().stream(
                                    "/containers/"
                                            + name
                                            + "/logs?stdout=1&stderr=1&tail="
                                            + most)) {
                        return stream.ok()
                                ? lines(stream.body().readNBytes(LOG_BYTES), terminal, most)
                                : List.of();
                    }
                });
    }

    private static List<String> lines(byte[] said, boolean terminal, int most) throws IOException {
        byte[] text = said;
        if (!terminal) {
            try {
                text = StreamFrames.read(new ByteArrayInputStream(said), LOG_BYTES);
            } catch (java.io.EOFException | StreamFrames.Unreadable broken) {
                return List.of();
            }
        }
        List<String> lines = new String(text, UTF_8).lines().toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    @Override
    public void stop(Duration patience) throws EngineUnavailable, InterruptedException {
        calls.make(
                "POST /containers/ID/stop",
                patience.plus(calls.timeout()),
                () ->
                        calls.api()
                                .post(
                                        "/containers/"
                                                + name
                                                + "/stop?t="
                                                + Math.max(0, patience.toSeconds()),
                                        NOTHING));
    }

    @Override
    public void remove() {
        removal.run();
    }
}
