package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.exec.ExecOutcome;
import io.github.writeprobe.probes.sidecar.SidecarChannel;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/// Runs helper containers: create, attach, start, hear out, and remove.
///
/// A helper is attached to before it is started, and its standard input ends with that connection,
/// so it outlives this process at no time: killed before the start, it never runs; killed after it,
/// the helper ends, and the engine removes it. One that was made and never started is left to
/// [#sweep()].
final class DockerSidecars implements SidecarChannel {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] NOTHING = new byte[0];
    private static final int MISSING = 404;
    private static final long MEMORY_BYTES = 64L << 20;
    private static final int MOST_PROCESSES = 32;

    /// For a container's removal under load; it comes on top of a probe's time-out.
    private static final Duration REMOVAL = Duration.ofSeconds(10);

    /// What makes a container's first process number 1 in its PID namespace: words of Docker and of
    /// Podman.
    private static final Set<String> OWN_PIDS = Set.of("", "private");

    private final Api api;

    DockerSidecars(Api api) {
        this.api = api;
    }

    @Override
    public ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes)
            throws InterruptedException {
        if (!References.plausible(container)) {
            return new ExecOutcome.Failed(Cause.GONE, "no container can have this id");
        }
        // Known before it exists: it can be removed even if the engine's answer is lost.
        String name =
                "writeprobe-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        try {
            return Deadline.within(
                    api.endpoint().workers(),
                    timeout,
                    () -> attempt(name, image, container, command, timeout, maxBytes));
        } catch (TimeoutException e) {
            return new ExecOutcome.Failed(
                    Cause.TIMED_OUT, "no end of the helper within " + Trouble.seconds(timeout));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new ExecOutcome.Failed(
                    Cause.ENGINE,
                    cause instanceof EngineUnavailable known
                            ? known.line()
                            : Trouble.broken(api.endpoint(), "a helper", cause));
        } finally {
            remove(name);
        }
    }

    private ExecOutcome attempt(
            String name,
            String image,
            String container,
            List<String> command,
            Duration timeout,
            int maxBytes)
            throws IOException, EngineUnavailable {
        Answer target = api.get("/containers/" + container + "/json");
        if (target.status() == MISSING) {
            return new ExecOutcome.Failed(Cause.GONE, target.message());
        }
        if (!target.ok()) {
            return failed(target);
        }
        JsonNode declared = target.json().path("HostConfig");
        String pids = declared.path("PidMode").asText("");
        if (!OWN_PIDS.contains(pids)) {
            // Process 1 is somebody else's there, at worst the host's: nothing must be tried.
            return new ExecOutcome.Failed(
                    Cause.UNREACHABLE,
                    "it shares the PID namespace of " + Plain.text(pids) + " with others");
        }
        Answer created =
                api.post(
                        "/containers/create?name=" + name,
                        JSON.writeValueAsBytes(
                                creation(image, container, command, timeout, declared)));
        if (created.status() == MISSING) {
            return new ExecOutcome.Failed(
                    Cause.EXEC_FAILED,
                    "the engine does not have the image of probe.sidecar-image, "
                            + Plain.text(image)
                            + ": docker pull it there");
        }
        if (!created.ok()) {
            return failed(created);
        }
        try (Wire.Hijacked connection =
                api.hijack(
                        "/containers/" + name + "/attach?stream=1&stdin=1&stdout=1&stderr=1",
                        NOTHING)) {
            Answer started = api.post("/containers/" + name + "/start", NOTHING);
            if (!started.ok()) {
                return failed(started);
            }
            return new ExecOutcome.Finished(
                    new String(Frames.read(connection.output(), maxBytes), UTF_8));
        } catch (Frames.Capped e) {
            return new ExecOutcome.Failed(Cause.OUTPUT_CAPPED, "more than " + maxBytes + " bytes");
        } catch (Frames.Unreadable e) {
            return new ExecOutcome.Failed(Cause.ENGINE, Plain.text(String.valueOf(e.getMessage())));
        }
    }

    private static ExecOutcome failed(Answer answer) {
        return new ExecOutcome.Failed(
                Cause.EXEC_FAILED,
                answer.message().isEmpty()
                        ? "the engine answered " + answer.status()
                        : answer.message());
    }

    /// @param declared the `HostConfig` of the container that is asked about
    private static ObjectNode creation(
            String image,
            String container,
            List<String> command,
            Duration timeout,
            JsonNode declared) {
        ObjectNode body = JSON.createObjectNode();
        body.put("Image", image).put("User", "0:0").put("WorkingDir", "/");
        command.stream().limit(1).forEach(body.putArray("Entrypoint")::add);
        command.stream().skip(1).forEach(body.putArray("Cmd")::add);
        body.put("AttachStdin", true).put("AttachStdout", true).put("AttachStderr", true);
        body.put("OpenStdin", true).put("StdinOnce", true).put("Tty", false);
        body.putObject("Healthcheck").putArray("Test").add("NONE");
        ObjectNode labels = body.putObject("Labels");
        Helpers.labels("sidecar", timeout).forEach(labels::put);
        ObjectNode host = body.putObject("HostConfig");
        host.put("AutoRemove", true).put("NetworkMode", "none").put("ReadonlyRootfs", true);
        host.put("PidMode", "container:" + container);
        host.putArray("CapDrop").add("ALL");
        ArrayNode capabilities = host.putArray("CapAdd");
        List.of("SYS_PTRACE", "SYS_CHROOT", "SETUID", "SETGID").forEach(capabilities::add);
        if (overridesPermissions(declared)) {
            capabilities.add("DAC_OVERRIDE");
        }
        host.putArray("SecurityOpt").add("no-new-privileges");
        host.put("Memory", MEMORY_BYTES).put("MemorySwap", MEMORY_BYTES);
        host.put("PidsLimit", MOST_PROCESSES);
        // What it prints is heard, and need not be kept on the engine's machine.
        host.putObject("LogConfig").put("Type", "none");
        return body;
    }

    /// A root that may not pass over permissions is refused where another is not, and the helper
    /// has to be refused there too.
    private static boolean overridesPermissions(JsonNode declared) {
        return Capabilities.effective(
                        declared.path("Privileged").asBoolean(false),
                        texts(declared.path("CapAdd")),
                        texts(declared.path("CapDrop")))
                .contains("DAC_OVERRIDE");
    }

    private static List<String> texts(JsonNode array) {
        return array.isArray() ? array.valueStream().map(n -> n.asText("")).toList() : List.of();
    }

    /// Removes a helper, if it is there; the engine may be at it already. Even if the caller has
    /// been interrupted: it stays so.
    private void remove(String name) {
        Thread remover =
                api.endpoint().workers().name("helper-removal").start(() -> attemptRemoval(name));
        if (!Deadline.join(remover, REMOVAL)) {
            Deadline.end(remover);
        }
    }

    /// @return the engine's answer; empty if it did not answer: then the helper ends by itself, and
    ///   whoever sweeps next removes it
    private Optional<Answer> attemptRemoval(String name) {
        try {
            return Optional.of(api.delete("/containers/" + name + "?force=1&v=1"));
        } catch (IOException | EngineUnavailable e) {
            return Optional.empty();
        }
    }

    /// Removes the helpers that a writeprobe which was killed has left, and none that can belong to
    /// one that lives: [Helpers]. What cannot be removed now is tried again the next time.
    Callable<Integer> sweep() {
        return () -> {
            Answer answer =
                    api.get(
                            "/containers/json?all=1&filters="
                                    + URLEncoder.encode(
                                            JSON.writeValueAsString(
                                                    Map.of("label", List.of(Helpers.LABEL))),
                                            UTF_8));
            if (!answer.ok()) {
                throw new EngineUnavailable(
                        Trouble.refused(api.endpoint(), "GET /containers/json", answer));
            }
            Instant now = answer.date().orElseGet(Instant::now);
            int removed = 0;
            for (JsonNode entry : answer.json()) {
                String id = entry.path("Id").asText("");
                if (References.plausible(id)
                        && Helpers.left(entry.path("Labels"), Helpers.listed(entry), now)) {
                    removed += attemptRemoval(id).filter(Answer::ok).isPresent() ? 1 : 0;
                }
            }
            return removed;
        };
    }
}
