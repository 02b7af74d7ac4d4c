package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import io.github.writeprobe.model.PauseContainerDetector;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Decides which containers need not be judged: pause containers of pods, and containers that
/// writeprobe itself created.
///
/// The user of an engine chooses names and labels. So they only make a container a candidate, and
/// its declaration decides: a container with any power, a foreign mount, or an age above its limit
/// is judged like any other.
///
/// A helper of the witness `sidecar` needs power over the container that it probes. The process
/// that created it recognizes it by its id.
///
/// @param helpers of the witness `sidecar` that this process created
public record ExclusionCheck(EngineCallExecutor calls, RecentIds helpers) {
    private static final Set<List<String>> INFRA_COMMANDS =
            Set.of(List.of("/catatonit", "-P"), List.of("/pause"));

    private static final String INFRA_IMAGE = "localhost/podman-pause:";
    private static final int VOLUME_BYTES = 256 << 10;
    private static final int INSPECT_BYTES = 1 << 20;

    /// The possible reason, from an entry of the engine's list.
    static Optional<Reason> possibleExclusion(
            String name, JsonNode entry, boolean hasMounts, Instant now) {
        JsonNode labels = entry.path("Labels");
        if (PauseContainerDetector.matches(name, podLabels(labels), hasMounts)
                || (!hasMounts && mayBeInfra(entry))) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return ManagedResourceLabels.isLive(labels, ManagedResourceLabels.createdInList(entry), now)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    /// Call it on a thread of [EngineCallExecutor].
    public Optional<Reason> of(ContainerInspectResponse inspection)
            throws IOException, EngineUnavailable {
        JsonNode json = inspection.json();
        String name = json.path("Name").asText("").replaceFirst("^/", "");
        JsonNode labels = json.path("Config").path("Labels");
        boolean onlyPauses =
                PauseContainerDetector.matches(name, podLabels(labels), hasMounts(json))
                        || (!hasMounts(json) && isInfra(json));
        if (onlyPauses && DefaultPrivilegesCheck.isPowerlessExceptNamespaces(json)) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return inspection.isHelper()
                        && name.startsWith(ManagedResourceLabels.PREFIX)
                        && isHarmless(json)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    /// Podman makes an infra container without an image, or with an image that it builds itself.
    private static boolean mayBeInfra(JsonNode entry) {
        return Stream.of("Image", "Command").map(entry::path).allMatch(ExclusionCheck::isEmptyText)
                || entry.path("Image").asText("").startsWith(INFRA_IMAGE);
    }

    private static boolean isEmptyText(JsonNode text) {
        return text.isTextual() && text.asText().isEmpty();
    }

    /// Whether it is the infra container of a pod of Podman, and only pauses. Its name and its
    /// command are the user's, so Podman's own API is asked, which Docker's API does not have.
    private boolean isInfra(JsonNode json) throws IOException, EngineUnavailable {
        List<String> command =
                Stream.concat(Stream.of(json.path("Path")), json.path("Args").valueStream())
                        .map(word -> word.asText(""))
                        .toList();
        String id = json.path("Id").asText("");
        return InspectStoragePathsReader.isPodman(json)
                && INFRA_COMMANDS.contains(command)
                && ContainerReferenceValidator.isValid(id)
                && read("/libpod/containers/" + id + "/json", INSPECT_BYTES)
                        .filter(libpod -> libpod.path("IsInfra").asBoolean(false))
                        .isPresent();
    }

    /// The answer to a request that a client may not be allowed to make; empty if it is refused, or
    /// longer than what this needs.
    private Optional<JsonNode> read(String path, int maxBytes)
            throws IOException, EngineUnavailable {
        try {
            EngineResponse answer = calls.api().get(path, maxBytes);
            return answer.isOk() ? Optional.of(answer.json()) : Optional.empty();
        } catch (HttpTransport.TooLong notOurs) {
            return Optional.empty();
        }
    }

    private boolean isHarmless(JsonNode json) throws IOException, EngineUnavailable {
        return helpers.contains(json.path("Id").asText(""))
                || (ManagedResourceLabels.isClone(json.path("Config").path("Labels"))
                        && DefaultPrivilegesCheck.isPowerless(json)
                        && hasOnlyOwnVolumes(json));
    }

    private static boolean hasMounts(JsonNode json) {
        return json.path("Mounts")
                .valueStream()
                .anyMatch(mount -> !mount.path("Type").asText("").equals("tmpfs"));
    }

    /// Whether all mounts are tmpfs, or volumes that were created for the container. A volume's
    /// name proves nothing, because the volume may be a directory of the host; so the volume is
    /// inspected.
    private boolean hasOnlyOwnVolumes(JsonNode json) throws IOException, EngineUnavailable {
        for (JsonNode mount : json.path("Mounts")) {
            String type = mount.path("Type").asText("");
            boolean own =
                    type.equals("tmpfs")
                            || (type.equals("volume")
                                    && isOwnVolume(mount.path("Name").asText("")));
            if (!own) {
                return false;
            }
        }
        return true;
    }

    private boolean isOwnVolume(String volume) throws IOException, EngineUnavailable {
        if (!volume.startsWith(ManagedResourceLabels.PREFIX)
                || !ContainerReferenceValidator.isValid(volume)) {
            return false;
        }
        return read("/volumes/" + volume, VOLUME_BYTES)
                .filter(json -> json.path("Driver").asText("").equals("local"))
                .filter(json -> json.path("Options").isEmpty())
                .filter(json -> ManagedResourceLabels.isClone(json.path("Labels")))
                .isPresent();
    }

    private static Map<String, String> podLabels(JsonNode labels) {
        Map<String, String> podLabels = new HashMap<>();
        for (String key : List.of(PauseContainerDetector.LABEL)) {
            if (labels.hasNonNull(key)) {
                podLabels.put(key, labels.path(key).asText(""));
            }
        }
        return podLabels;
    }
}
