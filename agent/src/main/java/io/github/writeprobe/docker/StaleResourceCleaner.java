package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Removes what a writeprobe that was killed has left, and nothing that can belong to one that
/// lives: [ManagedResources]. What cannot be removed now is tried again the next time.
final class StaleResourceCleaner {
    private static final JsonMapper JSON = new JsonMapper();

    /// None of ours is as long.
    private static final int MAX_ENTRY_BYTES = 256 << 10;

    private final EngineCalls calls;
    private final Removal removal;

    StaleResourceCleaner(EngineCalls calls) {
        this.calls = calls;
        this.removal = new Removal(calls.api());
    }

    /// Asks for containers alone, as who looks at containers may, unless there is a clone: where
    /// one was left, its volumes and its network were too.
    ///
    /// @return how many were removed
    int removeStale() throws IOException, EngineUnavailable {
        return removeStale(false);
    }

    /// The same, whether there is a clone or not.
    int removeAllStale() throws IOException, EngineUnavailable {
        return removeStale(true);
    }

    private int removeStale(boolean includeAll) throws IOException, EngineUnavailable {
        List<String> staleIds = new ArrayList<>();
        AtomicBoolean hasClones = new AtomicBoolean(includeAll);
        Instant now =
                calls.forEachElement(
                        "GET /containers/json",
                        withLabelFilter("/containers/json?all=1&"),
                        MAX_ENTRY_BYTES,
                        (element, clock) -> {
                            JsonNode entry = element.json();
                            String id = entry.path("Id").asText("");
                            if (!element.complete()
                                    || !UrlReferences.isValid(id)
                                    || !hasOwnName(entry)) {
                                return;
                            }
                            if (ManagedResources.isClone(entry.path("Labels"))) {
                                hasClones.set(true);
                            }
                            if (ManagedResources.isStale(
                                    entry.path("Labels"),
                                    ManagedResources.createdInList(entry),
                                    clock)) {
                                staleIds.add(id);
                            }
                        });
        int removed = 0;
        for (String id : staleIds) {
            removed += remove(Removal.containerPath(id));
        }
        return hasClones.get() ? removed + removeVolumesAndNetworks(now) : removed;
    }

    private int removeVolumesAndNetworks(Instant now) throws IOException, EngineUnavailable {
        int removed = 0;
        // Who may ask for containers need not be allowed to ask for more.
        for (JsonNode volume : getIfNotTooLong(withLabelFilter("/volumes?")).path("Volumes")) {
            String name = volume.path("Name").asText("");
            if (UrlReferences.isValid(name)
                    && ManagedResources.isStale(name, volume.path("Labels"), now)) {
                removed += remove(Removal.volumePath(name));
            }
        }
        for (JsonNode network : getIfNotTooLong(withLabelFilter("/networks?"))) {
            String name = network.path("Name").asText("");
            String id = network.path("Id").asText("");
            if (UrlReferences.isValid(id)
                    && ManagedResources.isStale(name, network.path("Labels"), now)) {
                removed += remove(Removal.networkPath(id));
            }
        }
        return removed;
    }

    /// A list that may be longer than anybody needs, since a volume's label has no bound: nothing
    /// is swept by it then.
    private JsonNode getIfNotTooLong(String path) throws IOException, EngineUnavailable {
        try {
            return calls.api().get(path).json();
        } catch (HttpTransport.TooLong e) {
            return MissingNode.getInstance();
        }
    }

    /// Labels alone, which an image can have as well, cost nobody his container.
    private static boolean hasOwnName(JsonNode entry) {
        return entry.path("Names")
                .valueStream()
                .anyMatch(name -> name.asText("").startsWith("/" + ManagedResources.PREFIX));
    }

    private int remove(String path) {
        return removal.tryRemove(path).filter(EngineResponse::isOk).isPresent() ? 1 : 0;
    }

    private static String withLabelFilter(String path) throws IOException {
        String filters = JSON.writeValueAsString(Map.of("label", List.of(ManagedResources.LABEL)));
        return path + "filters=" + URLEncoder.encode(filters, UTF_8);
    }
}
