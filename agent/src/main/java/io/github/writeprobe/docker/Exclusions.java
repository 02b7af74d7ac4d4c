package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.model.LeftOut.Reason;
import io.github.writeprobe.model.PodSandbox;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which containers need not be judged: pause containers of pods, and what writeprobe makes itself.
///
/// Whoever may start containers chooses names and labels. So these make a candidate at most, and
/// what the engine declares decides: one that was given any power, a mount of somebody's, or that
/// has been there for too long is judged like any other.
///
/// A helper of the witness `sidecar` has to have power over the container that it looks into. It is
/// known by its id, to the process that made it.
///
/// @param helpers of the witness `sidecar`, made by this process
record Exclusions(EngineCalls calls, RecentIds helpers) {
    private static final int VOLUME_BYTES = 256 << 10;

    /// What an entry of the engine's list looks like.
    static Optional<Reason> candidate(String name, JsonNode entry, boolean mounts, Instant now) {
        JsonNode labels = entry.path("Labels");
        if (PodSandbox.is(name, texts(labels), mounts)) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return ManagedResources.live(labels, ManagedResources.listed(entry), now)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    /// To be asked for on a thread of [EngineCalls].
    Optional<Reason> of(Inspection seen) throws IOException, EngineUnavailable {
        JsonNode json = seen.json();
        String name = json.path("Name").asText("").replaceFirst("^/", "");
        JsonNode labels = json.path("Config").path("Labels");
        if (PodSandbox.is(name, texts(labels), mounts(json))
                && PowerlessCheck.besideNamespaces(json)) {
            return Optional.of(Reason.POD_SANDBOX);
        }
        return seen.helper() && name.startsWith(ManagedResources.PREFIX) && harmless(json)
                ? Optional.of(Reason.HELPER)
                : Optional.empty();
    }

    private boolean harmless(JsonNode json) throws IOException, EngineUnavailable {
        return helpers.contains(json.path("Id").asText(""))
                || (ManagedResources.clone(json.path("Config").path("Labels"))
                        && PowerlessCheck.whatsoever(json)
                        && ownVolumesOnly(json));
    }

    private static boolean mounts(JsonNode json) {
        return json.path("Mounts")
                .valueStream()
                .anyMatch(mount -> !mount.path("Type").asText("").equals("tmpfs"));
    }

    /// Whether all that is mounted is tmpfs, and volumes that were made for it. A volume's name
    /// tells nothing: it may be a directory of the machine in disguise, so the engine is asked.
    private boolean ownVolumesOnly(JsonNode json) throws IOException, EngineUnavailable {
        for (JsonNode mount : json.path("Mounts")) {
            String type = mount.path("Type").asText("");
            boolean own =
                    type.equals("tmpfs")
                            || (type.equals("volume") && made(mount.path("Name").asText("")));
            if (!own) {
                return false;
            }
        }
        return true;
    }

    private boolean made(String volume) throws IOException, EngineUnavailable {
        if (!volume.startsWith(ManagedResources.PREFIX) || !UrlReferences.plausible(volume)) {
            return false;
        }
        EngineResponse answer;
        try {
            answer = calls.api().get("/volumes/" + volume, VOLUME_BYTES);
        } catch (HttpTransport.TooLong notOurs) {
            return false;
        }
        // Who may ask for containers need not be allowed to ask for more.
        JsonNode json = answer.json();
        return answer.ok()
                && json.path("Driver").asText("").equals("local")
                && json.path("Options").isEmpty()
                && ManagedResources.clone(json.path("Labels"));
    }

    private static Map<String, String> texts(JsonNode labels) {
        Map<String, String> texts = new HashMap<>();
        for (String key : List.of(PodSandbox.LABEL)) {
            if (labels.hasNonNull(key)) {
                texts.put(key, labels.path(key).asText(""));
            }
        }
        return texts;
    }
}
