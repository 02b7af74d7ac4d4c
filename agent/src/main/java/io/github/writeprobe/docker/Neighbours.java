package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who a container can talk to, and as whom it is talked to.
final class Neighbours {
    /// More no person reads.
    private static final int MAX_NAMED = 8;

    /// Of no network that tells its containers apart by names.
    private static final Set<String> BUILT_IN_NETWORKS = Set.of("bridge", "host", "none");

    private Neighbours() {}

    /// The names by which others call it on its networks: its own, and those that Compose or the
    /// user gave it.
    static List<String> aliases(JsonNode inspected) {
        Set<String> aliases = new LinkedHashSet<>();
        aliases.add(inspected.path("Name").asText("").replaceFirst("^/", ""));
        inspected
                .path("NetworkSettings")
                .path("Networks")
                .properties()
                .forEach(network ->
                        network.getValue()
                                .path("Aliases")
                                .valueStream()
                                .map(alias -> alias.asText(""))
                                .filter(alias -> !inspected.path("Id").asText("").startsWith(alias))
                                .forEach(aliases::add));
        aliases.remove("");
        return List.copyOf(aliases);
    }

    /// Those that share a network with it, by name. To be called on a thread of [EngineCalls].
    static List<String> of(Api api, JsonNode inspected) throws IOException, EngineUnavailable {
        Set<String> names = new LinkedHashSet<>();
        for (var network : inspected.path("NetworkSettings").path("Networks").properties()) {
            String id = network.getValue().path("NetworkID").asText("");
            if (BUILT_IN_NETWORKS.contains(network.getKey()) || !UrlReferences.isValid(id)) {
                continue;
            }
            EngineResponse answer = api.get("/networks/" + id);
            answer.json()
                    .path("Containers")
                    .properties()
                    .forEach(container -> {
                        if (!container.getKey().equals(inspected.path("Id").asText(""))) {
                            names.add(container.getValue().path("Name").asText(""));
                        }
                    });
        }
        List<String> shown = new ArrayList<>(names.stream().sorted().limit(MAX_NAMED).toList());
        if (names.size() > MAX_NAMED) {
            shown.add("and " + (names.size() - MAX_NAMED) + " more");
        }
        return shown;
    }
}
