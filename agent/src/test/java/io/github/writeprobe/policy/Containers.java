package io.github.writeprobe.policy;

import io.github.writeprobe.model.Container;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Containers to match.
final class Containers {
    private Containers() {}

    static Container labelled(String name, String image, Map<String, String> labels) {
        return new Container(
                "0".repeat(64),
                name,
                image,
                "unix:///var/run/docker.sock",
                false,
                true,
                List.of(),
                "",
                false,
                Set.of(),
                false,
                labels,
                0);
    }
}
