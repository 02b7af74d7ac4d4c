package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Removes what a writeprobe that was killed has left, and nothing that can belong to one that
/// lives: [Helpers]. What cannot be removed now is tried again the next time.
final class Sweep {
    private static final JsonMapper JSON = new JsonMapper();

    private final Api api;
    private final Removal removal;

    Sweep(Api api) {
        this.api = api;
        this.removal = new Removal(api);
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
        Answer answer = api.get(labelled("/containers/json?all=1&"));
        if (!answer.ok()) {
            throw new EngineUnavailable(
                    Trouble.refused(api.endpoint(), "GET /containers/json", answer));
        }
        Instant now = answer.date().orElseGet(Instant::now);
        int removed = 0;
        boolean clones = everything;
        for (JsonNode entry : answer.json()) {
            String id = entry.path("Id").asText("");
            if (References.plausible(id) && calledAsOurs(entry)) {
                clones |= Helpers.clone(entry.path("Labels"));
                if (Helpers.left(entry.path("Labels"), Helpers.listed(entry), now)) {
                    removed += removed(Removal.container(id));
                }
            }
        }
        return clones ? removed + beside(now) : removed;
    }

    private int beside(Instant now) throws IOException, EngineUnavailable {
        int removed = 0;
        // Who may ask for containers need not be allowed to ask for more.
        for (JsonNode volume : api.get(labelled("/volumes?")).json().path("Volumes")) {
            String name = volume.path("Name").asText("");
            if (References.plausible(name) && Helpers.left(name, volume.path("Labels"), now)) {
                removed += removed(Removal.volume(name));
            }
        }
        for (JsonNode network : api.get(labelled("/networks?")).json()) {
            String name = network.path("Name").asText("");
            String id = network.path("Id").asText("");
            if (References.plausible(id) && Helpers.left(name, network.path("Labels"), now)) {
                removed += removed(Removal.network(id));
            }
        }
        return removed;
    }

    /// Labels alone, which an image can have as well, cost nobody his container.
    private static boolean calledAsOurs(JsonNode entry) {
        return entry.path("Names")
                .valueStream()
                .anyMatch(name -> name.asText("").startsWith("/" + Helpers.PREFIX));
    }

    private int removed(String path) {
        return removal.attempt(path).filter(Answer::ok).isPresent() ? 1 : 0;
    }

    private static String labelled(String path) throws IOException {
        String filters = JSON.writeValueAsString(Map.of("label", List.of(Helpers.LABEL)));
        return path + "filters=" + URLEncoder.encode(filters, UTF_8);
    }
}
