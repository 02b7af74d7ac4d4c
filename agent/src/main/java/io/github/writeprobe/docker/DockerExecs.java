package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.DockerErrorMessages;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.docker.transport.StreamFrames;
import io.github.writeprobe.docker.transport.TimeLimiter;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.text.EngineText;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs commands in an engine's containers: creates an exec, starts it, reads its output, and
/// closes the connection.
final class DockerExecs implements ExecRunner {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] START_REQUEST = "{\"Detach\":false,\"Tty\":false}".getBytes(UTF_8);
    private static final int MISSING = 404;
    private static final int CONFLICT = 409;

    /// The exit code of a process that was killed by SIGKILL. When a container ends, its other
    /// processes are killed that way.
    private static final int SIGKILL_EXIT_CODE = 137;

    private static final Duration STATE_POLL_INTERVAL = Duration.ofMillis(50);

    /// docker-java discards the answer to a failed start, except for its status line.
    private static final Pattern STATUS_PATTERN = Pattern.compile("got: HTTP/\\d\\.\\d (\\d{3})");

    /// The number of unfinished execs in a container at which no other is started.
    private static final int MAX_UNFINISHED = 3;

    private final DockerApiClient api;
    private final UnfinishedExecs unfinished = new UnfinishedExecs();

    DockerExecs(DockerApiClient api) {
        this.api = api;
    }

    @Override
    public ExecOutcome run(
            String container,
            List<String> command,
            Optional<String> user,
            Duration timeout,
            int maxBytes)
            throws InterruptedException {
        if (!ContainerReferenceValidator.isValid(container)) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.GONE, "this is not a valid container id");
        }
        try {
            return TimeLimiter.call(
                    api.endpoint().threadBuilder(),
                    timeout,
                    () -> attempt(container, createRequest(command, user), maxBytes));
        } catch (TimeoutException e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.TIMED_OUT,
                    "not finished within " + DockerErrorMessages.formatDuration(timeout));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return failure(cause);
        }
    }

    private ExecOutcome failure(Throwable cause) {
        return new ExecOutcome.Failed(
                InconclusiveCause.ENGINE,
                cause instanceof EngineUnavailable known
                        ? known.line()
                        : DockerErrorMessages.callFailed(api.endpoint(), "an exec", cause));
    }

    private static byte[] createRequest(List<String> command, Optional<String> user)
            throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.put("AttachStdin", true).put("AttachStdout", true).put("AttachStderr", true);
        body.put("Tty", false).put("WorkingDir", "/");
        user.ifPresent(name -> body.put("User", name));
        command.forEach(body.putArray("Cmd")::add);
        return JSON.writeValueAsBytes(body);
    }

    private ExecOutcome attempt(String container, byte[] createRequest, int maxBytes)
            throws IOException, EngineUnavailable, InterruptedException {
        if (hasTooManyUnfinished(container)) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.TIMED_OUT,
                    MAX_UNFINISHED + " earlier probes still run in the container");
        }
        EngineResponse created = create("/containers/" + container + "/exec", createRequest);
        if (!created.isOk()) {
            return refusal(container, created.status(), created.message());
        }
        String id = created.json().path("Id").asText("");
        if (!ContainerReferenceValidator.isValid(id)) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE,
                    DockerErrorMessages.notAnEngine(api.endpoint(), "POST /exec"));
        }
        byte[] output;
        boolean ended = false;
        try (HttpTransport.Hijacked connection =
                api.hijack("/exec/" + id + "/start", START_REQUEST)) {
            output = StreamFrames.read(connection.output(), maxBytes);
            ended = true;
        } catch (StreamFrames.Capped e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.OUTPUT_CAPPED, "more than " + maxBytes + " bytes");
        } catch (StreamFrames.Unreadable e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE, EngineText.sanitize(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            Matcher status = STATUS_PATTERN.matcher(String.valueOf(e.getMessage()));
            if (status.find()) {
                ended = true;
                return refusal(container, Integer.parseInt(status.group(1)), "");
            }
            throw e;
        } finally {
            if (!ended) {
                unfinished.add(container, id);
            }
        }
        return output.length == 0
                ? outcomeWithoutOutput(container, id)
                : new ExecOutcome.Finished(decode(output));
    }

    /// Whether the maximum number of abandoned execs is still running. If they have ended, or the
    /// engine does not know, another exec may start.
    private boolean hasTooManyUnfinished(String container) throws IOException, EngineUnavailable {
        int running = 0;
        for (String exec : unfinished.of(container)) {
            EngineResponse answer = api.get("/exec/" + exec + "/json");
            if (answer.isOk() && answer.json().path("Running").asBoolean(false)) {
                running++;
            } else if (answer.isOk() || answer.status() == MISSING) {
                unfinished.remove(container, exec);
            }
            if (running == MAX_UNFINISHED) {
                return true;
            }
        }
        return false;
    }

    private static String decode(byte[] output) {
        return new String(output, UTF_8);
    }

    /// Tries twice, in case a pooled connection was closed by an engine's restart: then the first
    /// attempt did not reach the engine. A second exec that is never started does no harm.
    private EngineResponse create(String path, byte[] createRequest)
            throws IOException, EngineUnavailable {
        try {
            return api.post(path, createRequest);
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return api.post(path, createRequest);
        }
    }

    private ExecOutcome refusal(String container, int status, String message)
            throws IOException, EngineUnavailable {
        return switch (status) {
            case MISSING -> new ExecOutcome.Failed(InconclusiveCause.GONE, message);
            case CONFLICT ->
                    message.contains("is paused")
                            ? new ExecOutcome.Failed(InconclusiveCause.PAUSED, message)
                            : notRunningOutcome(container)
                                    .orElseGet(() ->
                                            new ExecOutcome.Failed(
                                                    InconclusiveCause.NOT_RUNNING, message));
            default ->
                    new ExecOutcome.Failed(
                            InconclusiveCause.EXEC_FAILED,
                            message.isEmpty()
                                    ? "the engine answered with status " + status
                                    : message);
        };
    }

    /// Without any output, the container may have ended during the exec. The engine reports that
    /// shortly after the end of the exec.
    private ExecOutcome outcomeWithoutOutput(String container, String exec)
            throws IOException, EngineUnavailable, InterruptedException {
        Optional<ExecOutcome> outcome = notRunningOutcome(container);
        for (int i = 0; i < 10 && outcome.isEmpty() && wasKilled(exec); i++) {
            Thread.sleep(STATE_POLL_INTERVAL);
            outcome = notRunningOutcome(container);
        }
        return outcome.orElseGet(() -> new ExecOutcome.Finished(""));
    }

    private boolean wasKilled(String exec) throws IOException, EngineUnavailable {
        return api.get("/exec/" + exec + "/json").json().path("ExitCode").asInt(0)
                == SIGKILL_EXIT_CODE;
    }

    /// Why no exec can run in a container; empty if one can.
    private Optional<ExecOutcome> notRunningOutcome(String container)
            throws IOException, EngineUnavailable {
        EngineResponse answer = api.get("/containers/" + container + "/json");
        if (answer.status() == MISSING) {
            return Optional.of(new ExecOutcome.Failed(InconclusiveCause.GONE, answer.message()));
        }
        JsonNode state = answer.json().path("State");
        if (state.path("Paused").asBoolean(false)) {
            return Optional.of(
                    new ExecOutcome.Failed(InconclusiveCause.PAUSED, "the container is paused"));
        }
        String status = state.path("Status").asText("");
        return status.isEmpty() || status.equals("running")
                ? Optional.empty()
                : Optional.of(
                        new ExecOutcome.Failed(
                                InconclusiveCause.NOT_RUNNING,
                                "the container is " + EngineText.sanitize(status)));
    }
}
