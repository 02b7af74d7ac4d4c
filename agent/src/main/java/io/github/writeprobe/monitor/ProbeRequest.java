package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import java.util.List;

/// A request to probe one container.
///
/// @param key of the container
/// @param declared what the engine declares for it
/// @param start the start of the container that the request is about: [ContainerRestartState#start]
/// @param paths to probe
/// @param suspect whether it uses a slot for containers whose last probe failed
/// @param requestedAt when the request was made
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
