package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The container that a proposal is for. All its texts are untrusted.
///
/// @param environment of the container, including that of the image
/// @param command entry point and arguments
/// @param imageVolumes the image's VOLUMEs, normalised paths
/// @param workingDirectory empty for `/`
/// @param healthCheck whether the container has one
/// @param imageLabels labels of the image
/// @param uid of its first process, in the container's user namespace, if known
/// @param gid of its first process, in the container's user namespace, if known
public record Subject(
        Container container,
        Map<String, String> environment,
        List<String> command,
        Set<String> imageVolumes,
        String workingDirectory,
        boolean healthCheck,
        Map<String, String> imageLabels,
        Optional<Long> uid,
        Optional<Long> gid) {
    public Subject {
        requireNonNull(container);
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
        imageVolumes = Set.copyOf(imageVolumes);
        requireNonNull(workingDirectory);
        imageLabels = Map.copyOf(imageLabels);
        requireNonNull(uid);
        requireNonNull(gid);
    }
}
