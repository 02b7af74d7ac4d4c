package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The container that a proposal is for. All texts in it are a stranger's.
///
/// @param environment what it was started with, the image's included
/// @param command entry point and arguments together
/// @param imageVolumes the image's VOLUMEs, normalised paths
/// @param workingDirectory empty for `/`
/// @param healthCheck whether it has one
/// @param imageLabels what the image says of itself
/// @param uid of its first process, as the container counts, if that is known
/// @param gid of its first process
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
