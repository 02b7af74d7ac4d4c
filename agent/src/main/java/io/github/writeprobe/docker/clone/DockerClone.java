package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.archive.DockerArchiveFileLookup;
import io.github.writeprobe.docker.inspect.ContainerInspectResponse;
import io.github.writeprobe.docker.inspect.ContainerLog;
import io.github.writeprobe.docker.inspect.DockerDiffReader;
import io.github.writeprobe.docker.inspect.ProposalTargetReader;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.prove.Clone;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A clone on a Docker engine, identified by its name.
final class DockerClone implements Clone {
    private static final byte[] EMPTY_BODY = new byte[0];

    /// On an idle host, a start takes a second at most.
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final EngineCallExecutor calls;
    private final String name;
    private final Optional<String> network;
    private final Runnable removal;

    /// @param removal removes the clone, and what was created for it alone
    DockerClone(EngineCallExecutor calls, String name, Optional<String> network, Runnable removal) {
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
                calls.execute(
                        "POST /containers/ID/start",
                        START_TIMEOUT,
                        () -> calls.api().post("/containers/" + name + "/start", EMPTY_BODY));
        return answer.status() < 400
                ? Optional.empty()
                : Optional.of(
                        answer.message().isEmpty()
                                ? "the engine answered with status " + answer.status()
                                : answer.message());
    }

    @Override
    public Condition condition() throws EngineUnavailable, InterruptedException {
        JsonNode state = inspect().json().path("State");
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

    private ContainerInspectResponse inspect() throws EngineUnavailable, InterruptedException {
        String call = ContainerInspectResponse.callName(name);
        return calls.execute(
                call,
                () -> ContainerInspectResponse.fetch(calls, name).orElseThrow(this::goneError));
    }

    private EngineUnavailable goneError() {
        return new EngineUnavailable(
                "the clone %s no longer exists: was it removed?".formatted(name));
    }

    @Override
    public ProposalTarget subject() throws EngineUnavailable, InterruptedException {
        ContainerInspectResponse inspection = inspect();
        return calls.execute(
                ContainerInspectResponse.callName(name),
                () -> ProposalTargetReader.read(calls, inspection));
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
                : inspect()
                        .json()
                        .path("NetworkSettings")
                        .path("Networks")
                        .path(network.get())
                        .path("IPAddress")
                        .asText("");
    }

    @Override
    public List<FileChange> changes() throws EngineUnavailable, InterruptedException {
        return DockerDiffReader.read(calls, name);
    }

    @Override
    public FileLookup files() {
        return new DockerArchiveFileLookup(calls, name);
    }

    @Override
    public List<ClientRequest> requests() throws InterruptedException {
        return CloneEventReader.read(calls, name);
    }

    @Override
    public List<String> log(int maxLines) throws EngineUnavailable, InterruptedException {
        return ContainerLog.read(calls, inspect(), maxLines);
    }

    @Override
    public void stop(Duration timeout) throws EngineUnavailable, InterruptedException {
        calls.execute(
                "POST /containers/ID/stop",
                timeout.plus(calls.timeout()),
                () ->
                        calls.api()
                                .post(
                                        "/containers/"
                                                + name
                                                + "/stop?t="
                                                + Math.max(0, timeout.toSeconds()),
                                        EMPTY_BODY));
    }

    @Override
    public void remove() {
        removal.run();
    }
}
