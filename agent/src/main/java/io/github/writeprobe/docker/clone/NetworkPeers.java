package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The containers that share a network with a container, and its own names there.
final class NetworkPeers {
    /// The maximum number of names in the text.
    private static final int MAX_NAMED = 8;

    /// Networks on which containers have no names.
    private static final Set<String> BUILT_IN_NETWORKS = Set.of("bridge", "host", "none");

    private NetworkPeers() {}

    /// The names of the container on its networks: its own name, and its aliases.
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

    /// The names of the containers that share a network with it. Call it on a thread of
    /// [io.github.writeprobe.docker.transport.EngineCallExecutor].
    static List<String> of(DockerApiClient api, JsonNode inspected)
            throws IOException, EngineUnavailable {
        Set<String> names = new LinkedHashSet<>();
        for (var network : inspected.path("NetworkSettings").path("Networks").properties()) {
            String id = network.getValue().path("NetworkID").asText("");
            if (BUILT_IN_NETWORKS.contains(network.getKey())
                    || !ContainerReferenceValidator.isValid(id)) {
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
