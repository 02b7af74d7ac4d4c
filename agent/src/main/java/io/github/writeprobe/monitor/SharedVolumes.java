package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The volumes and host paths that more than one container of an engine mounts.
final class SharedVolumes {
    private final Map<String, Integer> users = new HashMap<>();
    private final Set<String> shared = new HashSet<>();

    /// @return the sources that are shared now and were not before, or the other way round
    Set<String> replace(Set<String> before, Set<String> after) {
        Set<String> touched = new HashSet<>();
        for (String source : before) {
            if (users.merge(source, -1, Integer::sum) == 0) {
                users.remove(source);
            }
            touched.add(source);
        }
        for (String source : after) {
            users.merge(source, 1, Integer::sum);
            touched.add(source);
        }
        touched.removeIf(source ->
                users.getOrDefault(source, 0) > 1 ? !shared.add(source) : !shared.remove(source));
        return touched;
    }

    Set<String> shared() {
        return Collections.unmodifiableSet(shared);
    }

    /// The sources that the container mounts and that other containers could mount too.
    static Set<String> sources(Container container) {
        return container.mounts().stream()
                .filter(m -> m.kind() != MountKind.TMPFS)
                .map(DeclaredMount::source)
                .filter(source -> !source.isEmpty())
                .collect(Collectors.toSet());
    }
}
