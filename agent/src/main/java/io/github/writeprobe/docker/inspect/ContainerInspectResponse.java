package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// An engine's inspect of a container. Request it on a thread of [EngineCallExecutor].
///
/// @param reference the id or name that was requested
/// @param now by the engine's clock
public record ContainerInspectResponse(String reference, JsonNode json, Instant now) {
    private static final int MISSING = 404;

    /// Some twenty times what a container with many mounts and labels takes. Engines do not limit
    /// the size of labels, and a cycle requests several inspects at once.
    private static final int MAX_BYTES = 512 << 10;

    /// Converts an inspect.
    public interface InspectionReader<T> {
        T read(ContainerInspectResponse inspection) throws IOException, EngineUnavailable;
    }

    /// Inspects a container and converts the answer on a thread of [EngineCallExecutor].
    ///
    /// @param reference an id or a name, from a user or an engine; also `NAMESPACE/POD/CONTAINER`
    /// @return empty if there is no such container
    /// @throws EngineUnavailable also if the answer is too long
    public static <T> Optional<T> read(
            EngineCallExecutor calls, String reference, InspectionReader<T> reader)
            throws EngineUnavailable, InterruptedException {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        if (PodContainerLookup.isPodContainer(name)) {
            Optional<String> id =
                    calls.execute(
                            "GET /containers/json", () -> PodContainerLookup.find(calls, name));
            return id.isPresent() ? read(calls, id.get(), reader) : Optional.empty();
        }
        if (!ContainerReferenceValidator.isValid(name)) {
            return Optional.empty();
        }
        return calls.execute(
                callName(name),
                () -> {
                    Optional<ContainerInspectResponse> inspection = fetch(calls, name);
                    return inspection.isEmpty()
                            ? Optional.empty()
                            : Optional.of(reader.read(inspection.get()));
                });
    }

    public static String callName(String reference) {
        return "GET /containers/" + reference + "/json";
    }

    /// @param reference an id or a name that is [valid][ContainerReferenceValidator#isValid]
    /// @return empty if there is no such container
    public static Optional<ContainerInspectResponse> fetch(
            EngineCallExecutor calls, String reference) throws IOException, EngineUnavailable {
        EngineResponse answer;
        try {
            answer = calls.api().get("/containers/" + reference + "/json", MAX_BYTES);
        } catch (HttpTransport.TooLong e) {
            throw new EngineUnavailable(
                    "its declaration is longer than "
                            + (MAX_BYTES >> 10)
                            + " KiB, and is not read: docker inspect shows what is so long,"
                            + " mostly a label or thousands of mounts",
                    e);
        }
        // A server without this route is not an engine, and sends no message.
        if (answer.status() == MISSING && !answer.message().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ContainerInspectResponse(
                        reference,
                        calls.requireJson(callName(reference), answer),
                        answer.date().orElseGet(Instant::now)));
    }

    /// Whether its labels say that it is a helper that may still be in use.
    public boolean isHelper() {
        return ManagedResourceLabels.isLive(
                json.path("Config").path("Labels"),
                ManagedResourceLabels.createdInInspect(json),
                now);
    }
}
