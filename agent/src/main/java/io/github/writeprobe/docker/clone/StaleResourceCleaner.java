package io.github.writeprobe.docker.clone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.writeprobe.docker.inspect.ManagedResourceLabels;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Removes the resources of killed writeprobe processes, but none that may be in use: see
/// [ManagedResourceLabels]. What cannot be removed now is tried again the next time.
public final class StaleResourceCleaner {
    private static final JsonMapper JSON = new JsonMapper();

    /// More than any resource of writeprobe has.
    private static final int MAX_ENTRY_BYTES = 256 << 10;

    private final EngineCallExecutor calls;
    private final ResourceRemover removal;

    public StaleResourceCleaner(EngineCallExecutor calls) {
        this.calls = calls;
        this.removal = new ResourceRemover(calls.api());
    }

    /// Removes stale containers. This needs only permission to list containers. It removes volumes
    /// and networks only if there is a clone, because they are left behind together.
    ///
    /// @return the number of removed resources
    public int removeStale() throws IOException, EngineUnavailable {
        return removeStale(false);
    }

    /// The same, including volumes and networks in any case.
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
                                    || !ContainerReferenceValidator.isValid(id)
                                    || !hasOwnName(entry)) {
                                return;
                            }
                            if (ManagedResourceLabels.isClone(entry.path("Labels"))) {
                                hasClones.set(true);
                            }
                            if (ManagedResourceLabels.isStale(
                                    entry.path("Labels"),
                                    ManagedResourceLabels.createdInList(entry),
                                    clock)) {
                                staleIds.add(id);
                            }
                        });
        int removed = 0;
        for (String id : staleIds) {
            removed += remove(ResourceRemover.containerPath(id));
        }
        return hasClones.get() ? removed + removeVolumesAndNetworks(now) : removed;
    }

    private int removeVolumesAndNetworks(Instant now) throws IOException, EngineUnavailable {
        int removed = 0;
        // A client that may list containers may not be allowed to list volumes and networks.
        for (JsonNode volume : getIfNotTooLong(withLabelFilter("/volumes?")).path("Volumes")) {
            String name = volume.path("Name").asText("");
            if (ContainerReferenceValidator.isValid(name)
                    && ManagedResourceLabels.isStale(name, volume.path("Labels"), now)) {
                removed += remove(ResourceRemover.volumePath(name));
            }
        }
        for (JsonNode network : getIfNotTooLong(withLabelFilter("/networks?"))) {
            String name = network.path("Name").asText("");
            String id = network.path("Id").asText("");
            if (ContainerReferenceValidator.isValid(id)
                    && ManagedResourceLabels.isStale(name, network.path("Labels"), now)) {
                removed += remove(ResourceRemover.networkPath(id));
            }
        }
        return removed;
    }

    /// The list may be too long to be read, because a volume's labels have no limit. Then nothing
    /// is removed.
    private JsonNode getIfNotTooLong(String path) throws IOException, EngineUnavailable {
        try {
            return calls.api().get(path).json();
        } catch (HttpTransport.TooLong e) {
            return MissingNode.getInstance();
        }
    }

    /// Labels alone are not enough to remove a container, because an image can have them too.
    private static boolean hasOwnName(JsonNode entry) {
        return entry.path("Names")
                .valueStream()
                .anyMatch(name -> name.asText("").startsWith("/" + ManagedResourceLabels.PREFIX));
    }

    private int remove(String path) {
        return removal.tryRemove(path).filter(EngineResponse::isOk).isPresent() ? 1 : 0;
    }

    private static String withLabelFilter(String path) throws IOException {
        String filters =
                JSON.writeValueAsString(Map.of("label", List.of(ManagedResourceLabels.LABEL)));
        return path + "filters=" + URLEncoder.encode(filters, UTF_8);
    }
}
