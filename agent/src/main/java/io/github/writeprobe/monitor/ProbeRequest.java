package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import java.util.List;

/// One request to the witnesses about one container.
///
/// @param key which container it is about
/// @param declared what the engine declares of it
/// @param start which start of the container it is about: [Lifecycle#start]
/// @param paths to probe
/// @param suspect whether it takes a place that is for containers whose last probe failed
/// @param requestedAt when it was made
record ProbeRequest(
        ContainerKey key,
        Container declared,
        int start,
        List<String> paths,
        boolean suspect,
        long requestedAt) {
    ProbeRequest {
        paths = List.copyOf(paths);
    }
}
