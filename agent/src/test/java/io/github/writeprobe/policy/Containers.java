package io.github.writeprobe.policy;

import io.github.writeprobe.model.Container;
import java.util.Map;

/// Containers to match.
final class Containers {
    private Containers() {}

    static Container labelled(String name, String image, Map<String, String> labels) {
        return Container.builder("0".repeat(64), name, "unix:///var/run/docker.sock")
                .image(image)
                .readonlyRootfs(true)
                .labels(labels)
                .build();
    }
}
