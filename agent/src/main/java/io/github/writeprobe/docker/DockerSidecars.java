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
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/// Runs helper containers: create, attach, start, hear out, and remove.
///
/// A helper is attached to before it is started, and its standard input ends with that connection,
/// so it outlives this process at no time: killed before the start, it never runs; killed after it,
/// the helper ends, and the engine removes it. One that was made and never started is left to
/// [StaleResourceCleaner].
final class DockerSidecars implements SidecarChannel {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] NOTHING = new byte[0];
    private static final int MISSING = 404;
    private static final long MEMORY_BYTES = 64L << 20;
    private static final int MOST_PROCESSES = 32;

    /// What makes a container's first process number 1 in its PID namespace: words of Docker and of
    /// Podman.
    private static final Set<String> OWN_PIDS = Set.of("", "private");

    private final Api api;
    private final Removal removal;
    private final RecentIds made;

    /// @param made is told the id of each helper before it is started
    DockerSidecars(Api api, RecentIds made) {
        this.api = api;
        this.made = made;
        this.removal = new Removal(api);
    }

    @Override
    public ExecOutcome run(
            String image, String container, List<String> command, Duration timeout, int maxBytes)
            throws InterruptedException {
        if (!UrlReferences.plausible(container)) {
            return new ExecOutcome.Failed(Cause.GONE, "no container can have this id");
        }
        // Known before it exists: it can be removed even if the engine's answer is lost.
        String name =
                ManagedResources.PREFIX
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        try {
            return Deadline.within(
                    api.endpoint().workers(),
                    timeout,
                    () -> attempt(name, image, container, command, timeout, maxBytes));
        } catch (TimeoutException e) {
            return new ExecOutcome.Failed(
                    Cause.TIMED_OUT,
                    "no end of the helper within " + EngineErrors.seconds(timeout));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new ExecOutcome.Failed(
                    Cause.ENGINE,
                    cause instanceof EngineUnavailable known
                            ? known.line()
                            : EngineErrors.broken(api.endpoint(), "a helper", cause));
        } finally {
            removal.gone(Removal.container(name));
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
                    "it shares the PID namespace of " + EngineText.text(pids) + " with others");
        }
        byte[] creation =
                JSON.writeValueAsBytes(creation(image, container, command, timeout, declared));
        EngineResponse created =
                removal.making(
                        Removal.container(name),
                        () -> api.post("/containers/create?name=" + name, creation));
        if (created.status() == MISSING) {
            return new ExecOutcome.Failed(
                    Cause.EXEC_FAILED,
                    "the engine does not have the image of probe.sidecar-image, "
                            + EngineText.text(image)
                            + ": docker pull it there");
        }
        if (!created.ok()) {
            return failed(created);
        }
        made.add(created.json().path("Id").asText(""));
        try (HttpTransport.Hijacked connection =
                api.hijack(
                        "/containers/" + name + "/attach?stream=1&stdin=1&stdout=1&stderr=1",
                        NOTHING)) {
            EngineResponse started = api.post("/containers/" + name + "/start", NOTHING);
            if (!started.ok()) {
                return failed(started);
            }
            return new ExecOutcome.Finished(
                    new String(StreamFrames.read(connection.output(), maxBytes), UTF_8));
        } catch (StreamFrames.Capped e) {
            return new ExecOutcome.Failed(Cause.OUTPUT_CAPPED, "more than " + maxBytes + " bytes");
        } catch (StreamFrames.Unreadable e) {
            return new ExecOutcome.Failed(
                    Cause.ENGINE, EngineText.text(String.valueOf(e.getMessage())));
        }
    }

    private static ExecOutcome failed(EngineResponse answer) {
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
        ManagedResources.labels("sidecar", timeout).forEach(labels::put);
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
}
