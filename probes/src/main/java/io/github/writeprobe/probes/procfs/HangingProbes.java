package io.github.writeprobe.probes.procfs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The paths where probes hang right now. They are not probed again until those probes have
/// returned.
final class HangingProbes {
    /// The maximum number of threads that may hang in one container.
    private static final int MAX_PER_CONTAINER = 2;

    /// @param mountPoint the mount point of the path, if it is known
    record Hang(String path, Optional<String> mountPoint) {}

    private final Map<String, List<Hang>> byContainer = new HashMap<>();

    synchronized void add(String container, Hang hang) {
        byContainer.computeIfAbsent(container, c -> new ArrayList<>()).add(hang);
    }

    synchronized void remove(String container, Hang hang) {
        List<Hang> hangs = byContainer.getOrDefault(container, new ArrayList<>());
        hangs.remove(hang);
        if (hangs.isEmpty()) {
            byContainer.remove(container);
        }
    }

    /// Whether none of a container's probes hangs.
    synchronized boolean hasNone(String container) {
        return !byContainer.containsKey(container);
    }

    synchronized boolean isLimitReached(String container) {
        return byContainer.getOrDefault(container, List.of()).size() >= MAX_PER_CONTAINER;
    }

    /// The paths and mount points of a container that must not be probed.
    synchronized Set<String> pathsToAvoid(String container) {
        return byContainer.getOrDefault(container, List.of()).stream()
                .flatMap(h -> Stream.concat(Stream.of(h.path()), h.mountPoint().stream()))
                .collect(Collectors.toSet());
    }
}
