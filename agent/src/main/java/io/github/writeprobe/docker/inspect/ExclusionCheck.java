package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.EngineCalls;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.docker.transport.UrlReferences;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import io.github.writeprobe.model.PodSandboxCheck;
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
public record ExclusionCheck(EngineCalls calls, RecentIds helpers) {
    private static final Set<List<String>> INFRA_COMMANDS =
            Set.of(List.of("/catatonit", "-P"), List.of("/pause"));

    private static final int VOLUME_BYTES = 256 << 10;

    /// The possible reason, from an entry of the engine's list.
    static Optional<Reason> possibleExclusion(
            String name, JsonNode entry, boolean hasMounts, Instant now) {
        JsonNode labels = entry.path("Labels");
        if (PodSandboxCheck.matches(name, podLabels(labels), hasMounts)) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return ManagedResources.isLive(labels, ManagedResources.createdInList(entry), now)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    /// Call it on a thread of [EngineCalls].
    public Optional<Reason> of(Inspection inspection) throws IOException, EngineUnavailable {
        JsonNode json = inspection.json();
        String name = json.path("Name").asText("").replaceFirst("^/", "");
        JsonNode labels = json.path("Config").path("Labels");
        if (PodSandboxCheck.matches(name, podLabels(labels), hasMounts(json))
                && (!PodSandboxCheck.hasInfraName(name) || isInfra(json))
                && PowerlessCheck.isPowerlessExceptNamespaces(json)) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return inspection.isHelper() && name.startsWith(ManagedResources.PREFIX) && isHarmless(json)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    /// Whether it is a container of Podman that only pauses.
    private static boolean isInfra(JsonNode json) {
        List<String> command =
                Stream.concat(Stream.of(json.path("Path")), json.path("Args").valueStream())
                        .map(word -> word.asText(""))
                        .toList();
        return EngineDirectories.isPodman(json) && INFRA_COMMANDS.contains(command);
    }

    private boolean isHarmless(JsonNode json) throws IOException, EngineUnavailable {
        return helpers.contains(json.path("Id").asText(""))
                || (ManagedResources.isClone(json.path("Config").path("Labels"))
                        && PowerlessCheck.isPowerless(json)
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
        if (!volume.startsWith(ManagedResources.PREFIX) || !UrlReferences.isValid(volume)) {
            return false;
        }
        EngineResponse answer;
        try {
            answer = calls.api().get("/volumes/" + volume, VOLUME_BYTES);
        } catch (HttpTransport.TooLong notOurs) {
            return false;
        }
        // A client that may inspect containers may not be allowed to inspect volumes.
        JsonNode json = answer.json();
        return answer.isOk()
                && json.path("Driver").asText("").equals("local")
                && json.path("Options").isEmpty()
                && ManagedResources.isClone(json.path("Labels"));
    }

    private static Map<String, String> podLabels(JsonNode labels) {
        Map<String, String> podLabels = new HashMap<>();
        for (String key : List.of(PodSandboxCheck.LABEL)) {
            if (labels.hasNonNull(key)) {
                podLabels.put(key, labels.path(key).asText(""));
            }
        }
        return podLabels;
    }
}
