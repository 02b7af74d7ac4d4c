package io.github.writeprobe.docker.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds a container of a pod by the name that it has on Kubernetes, by the labels of cri-dockerd.
/// The engine knows it by another name, and each restart makes a new container.
final class PodContainerLookup {
    private static final JsonMapper JSON = new JsonMapper();

    /// `NAMESPACE/POD/CONTAINER`. No name of an engine has two slashes.
    private static final Pattern NAME = Pattern.compile("([^/]+)/([^/]+)/([^/]+)");

    private static final Set<String> LIVE_STATES = Set.of("running", "paused", "restarting");

    /// Some twenty times what a container with many mounts and labels takes in a list.
    private static final int MAX_ENTRY_BYTES = 256 << 10;

    private PodContainerLookup() {}

    static boolean isPodContainer(String reference) {
        return NAME.matcher(reference).matches();
    }

    /// Call it on a thread of [EngineCallExecutor].
    ///
    /// @param name `NAMESPACE/POD/CONTAINER`
    /// @return the id of the one that runs, or of the last one; empty if there is none, or if
    ///   several run
    static Optional<String> find(EngineCallExecutor calls, String name)
            throws IOException, EngineUnavailable {
        List<String> live = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        calls.forEachElement(
                "GET /containers/json",
                "/containers/json?all=1&filters=" + URLEncoder.encode(filters(name), UTF_8),
                MAX_ENTRY_BYTES,
                (element, now) -> {
                    JsonNode entry = element.json();
                    String id = entry.path("Id").asText("");
                    boolean lives = LIVE_STATES.contains(entry.path("State").asText(""));
                    if (ContainerReferenceValidator.isValid(id)) {
                        (lives ? live : ended).add(id);
                    }
                });
        // The newest comes first.
        return live.isEmpty()
                ? ended.stream().findFirst()
                : live.stream().filter(id -> live.size() == 1).findFirst();
    }

    private static String filters(String name) throws IOException {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name);
        }
        return JSON.writeValueAsString(
                Map.of(
                        "label",
                        List.of(
                                "io.kubernetes.pod.namespace=" + parts.group(1),
                                "io.kubernetes.pod.name=" + parts.group(2),
                                "io.kubernetes.container.name=" + parts.group(3))));
    }
}
