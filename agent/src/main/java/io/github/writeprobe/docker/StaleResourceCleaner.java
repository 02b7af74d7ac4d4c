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
    int run() throws IOException, EngineUnavailable {
        return run(false);
    }

    /// The same, whether there is a clone or not.
    int everything() throws IOException, EngineUnavailable {
        return run(true);
    }

    private int run(boolean everything) throws IOException, EngineUnavailable {
        List<String> left = new ArrayList<>();
        AtomicBoolean clones = new AtomicBoolean(everything);
        Instant now =
                calls.each(
                        "GET /containers/json",
                        labelled("/containers/json?all=1&"),
                        MAX_ENTRY_BYTES,
                        (element, clock) -> {
                            JsonNode entry = element.json();
                            String id = entry.path("Id").asText("");
                            if (!element.whole()
                                    || !UrlReferences.plausible(id)
                                    || !calledAsOurs(entry)) {
                                return;
                            }
                            if (ManagedResources.clone(entry.path("Labels"))) {
                                clones.set(true);
                            }
                            if (ManagedResources.left(
                                    entry.path("Labels"), ManagedResources.listed(entry), clock)) {
                                left.add(id);
                            }
                        });
        int removed = 0;
        for (String id : left) {
            removed += removed(Removal.container(id));
        }
        return clones.get() ? removed + beside(now) : removed;
    }

    private int beside(Instant now) throws IOException, EngineUnavailable {
        int removed = 0;
        // Who may ask for containers need not be allowed to ask for more.
        for (JsonNode volume : some(labelled("/volumes?")).path("Volumes")) {
            String name = volume.path("Name").asText("");
            if (UrlReferences.plausible(name)
                    && ManagedResources.left(name, volume.path("Labels"), now)) {
                removed += removed(Removal.volume(name));
            }
        }
        for (JsonNode network : some(labelled("/networks?"))) {
            String name = network.path("Name").asText("");
            String id = network.path("Id").asText("");
            if (UrlReferences.plausible(id)
                    && ManagedResources.left(name, network.path("Labels"), now)) {
                removed += removed(Removal.network(id));
            }
        }
        return removed;
    }

    /// A list that may be longer than anybody needs, since a volume's label has no bound: nothing
    /// is swept by it then.
    private JsonNode some(String path) throws IOException, EngineUnavailable {
        try {
            return calls.api().get(path).json();
        } catch (HttpTransport.TooLong e) {
            return MissingNode.getInstance();
        }
    }

    /// Labels alone, which an image can have as well, cost nobody his container.
    private static boolean calledAsOurs(JsonNode entry) {
        return entry.path("Names")
                .valueStream()
                .anyMatch(name -> name.asText("").startsWith("/" + ManagedResources.PREFIX));
    }

    private int removed(String path) {
        return removal.attempt(path).filter(EngineResponse::ok).isPresent() ? 1 : 0;
    }

    private static String labelled(String path) throws IOException {
        String filters = JSON.writeValueAsString(Map.of("label", List.of(ManagedResources.LABEL)));
        return path + "filters=" + URLEncoder.encode(filters, UTF_8);
    }
}
