package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.clone.ResourceRemover;
import io.github.writeprobe.docker.inspect.DeclaredCapabilities;
import io.github.writeprobe.docker.inspect.ManagedResourceLabels;
import io.github.writeprobe.docker.inspect.RecentIds;
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
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import io.github.writeprobe.text.EngineText;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/// Runs helper containers: creates one, attaches to it, starts it, reads its output, and removes
/// it.
///
/// This process attaches before the start, and the helper's standard input ends with the
/// connection. So a helper never outlives this process: if this process is killed before the start,
/// the helper never runs; if it is killed later, the helper ends and the engine removes it.
/// [io.github.writeprobe.docker.clone.StaleResourceCleaner] removes helpers that were created but
/// never started.
final class DockerSidecars implements SidecarRunner {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] EMPTY_BODY = new byte[0];
    private static final int MISSING = 404;
    private static final long MEMORY_BYTES = 64L << 20;
    private static final int MAX_PROCESSES = 32;

    /// Values with which a container's first process has number 1 in its PID namespace, in Docker
    /// and Podman.
    private static final Set<String> PRIVATE_PID_MODES = Set.of("", "private");

    private final DockerApiClient api;
    private final ResourceRemover removal;
    private final RecentIds helperIds;

    /// @param helperIds receives the id of each helper before it is started
    DockerSidecars(DockerApiClient api, RecentIds helperIds) {
        this.api = api;
        this.helperIds = helperIds;
        this.removal = new ResourceRemover(api);
    }

    @Override
    public ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes)
            throws InterruptedException {
        if (!ContainerReferenceValidator.isValid(container)) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.GONE, "this is not a valid container id");
        }
        // The name is chosen here, so that the helper can be removed even if the engine's answer is
        // lost.
        String name =
                ManagedResourceLabels.PREFIX
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        try {
            return TimeLimiter.call(
                    api.endpoint().threadBuilder(),
                    timeout,
                    () -> attempt(name, image, container, command, timeout, maxBytes));
        } catch (TimeoutException e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.TIMED_OUT,
                    "the helper did not finish within "
                            + DockerErrorMessages.formatDuration(timeout));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE,
                    cause instanceof EngineUnavailable known
                            ? known.line()
                            : DockerErrorMessages.callFailed(api.endpoint(), "a helper", cause));
        } finally {
            removal.remove(ResourceRemover.containerPath(name));
        }
    }

    private ExecOutcome attempt(
            String name,
            String image,
            String container,
            List<String> command,
            Duration timeout,
            int maxBytes)
            throws Exception {
        EngineResponse target = api.get("/containers/" + container + "/json");
        if (target.status() == MISSING) {
            return new ExecOutcome.Failed(InconclusiveCause.GONE, target.message());
        }
        if (!target.isOk()) {
            return failure(target);
        }
        JsonNode targetHostConfig = target.json().path("HostConfig");
        String pidMode = targetHostConfig.path("PidMode").asText("");
        if (!PRIVATE_PID_MODES.contains(pidMode)) {
            // Process 1 belongs to another container there, or to the host, so nothing may be
            // probed.
            return new ExecOutcome.Failed(
                    InconclusiveCause.UNREACHABLE,
                    "it has no PID namespace of its own: PidMode is "
                            + EngineText.sanitize(pidMode));
        }
        byte[] createRequest =
                JSON.writeValueAsBytes(
                        createRequest(image, container, command, timeout, targetHostConfig));
        EngineResponse created =
                removal.trackCreation(
                        ResourceRemover.containerPath(name),
                        () -> api.post("/containers/create?name=" + name, createRequest));
        if (created.status() == MISSING) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.EXEC_FAILED,
                    "the engine does not have the image "
                            + EngineText.sanitize(image)
                            + " (probe.sidecar-image): run docker pull on its host");
        }
        if (!created.isOk()) {
            return failure(created);
        }
        helperIds.add(created.json().path("Id").asText(""));
        try (HttpTransport.Hijacked connection =
                api.hijack(
                        "/containers/" + name + "/attach?stream=1&stdin=1&stdout=1&stderr=1",
                        EMPTY_BODY)) {
            EngineResponse started = api.post("/containers/" + name + "/start", EMPTY_BODY);
            if (!started.isOk()) {
                return failure(started);
            }
            return new ExecOutcome.Finished(
                    new String(StreamFrames.read(connection.output(), maxBytes), UTF_8));
        } catch (StreamFrames.Capped e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.OUTPUT_CAPPED, "more than " + maxBytes + " bytes");
        } catch (StreamFrames.Unreadable e) {
            return new ExecOutcome.Failed(
                    InconclusiveCause.ENGINE, EngineText.sanitize(String.valueOf(e.getMessage())));
        }
    }

    private static ExecOutcome failure(EngineResponse answer) {
        return new ExecOutcome.Failed(
                InconclusiveCause.EXEC_FAILED,
                answer.message().isEmpty()
                        ? "the engine answered with status " + answer.status()
                        : answer.message());
    }

    /// @param targetHostConfig the `HostConfig` of the container to probe
    private static ObjectNode createRequest(
            String image,
            String container,
            List<String> command,
            Duration timeout,
            JsonNode targetHostConfig) {
        ObjectNode body = JSON.createObjectNode();
        body.put("Image", image).put("User", "0:0").put("WorkingDir", "/");
        command.stream().limit(1).forEach(body.putArray("Entrypoint")::add);
        command.stream().skip(1).forEach(body.putArray("Cmd")::add);
        body.put("AttachStdin", true).put("AttachStdout", true).put("AttachStderr", true);
        body.put("OpenStdin", true).put("StdinOnce", true).put("Tty", false);
        body.putObject("Healthcheck").putArray("Test").add("NONE");
        ObjectNode labels = body.putObject("Labels");
        ManagedResourceLabels.labels("sidecar", timeout).forEach(labels::put);
        ObjectNode hostConfig = body.putObject("HostConfig");
        hostConfig.put("AutoRemove", true).put("NetworkMode", "none").put("ReadonlyRootfs", true);
        hostConfig.put("PidMode", "container:" + container);
        hostConfig.putArray("CapDrop").add("ALL");
        ArrayNode capabilities = hostConfig.putArray("CapAdd");
        List.of("SYS_PTRACE", "SYS_CHROOT", "SETUID", "SETGID").forEach(capabilities::add);
        if (overridesPermissions(targetHostConfig)) {
            capabilities.add("DAC_OVERRIDE");
        }
        hostConfig.putArray("SecurityOpt").add("no-new-privileges");
        hostConfig.put("Memory", MEMORY_BYTES).put("MemorySwap", MEMORY_BYTES);
        hostConfig.put("PidsLimit", MAX_PROCESSES);
        // The output goes through the attached connection, so the engine need not keep it.
        hostConfig.putObject("LogConfig").put("Type", "none");
        return body;
    }

    /// Whether root of the container may ignore file permissions (CAP_DAC_OVERRIDE). If it may not,
    /// the helper must not be able to either, so that both are refused in the same cases.
    private static boolean overridesPermissions(JsonNode targetHostConfig) {
        return DeclaredCapabilities.effective(
                        targetHostConfig.path("Privileged").asBoolean(false),
                        strings(targetHostConfig.path("CapAdd")),
                        strings(targetHostConfig.path("CapDrop")))
                .contains("DAC_OVERRIDE");
    }

    private static List<String> strings(JsonNode array) {
        return array.isArray() ? array.valueStream().map(n -> n.asText("")).toList() : List.of();
    }
}
