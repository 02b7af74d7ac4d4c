package io.github.writeprobe.probes.procfs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where probes hang right now. Nobody goes there again until they have come back.
final class HangingProbes {
    /// A container may cost so many threads.
    private static final int MAX_PER_CONTAINER = 2;

    /// @param mountPoint that the path lies on, as far as anybody knows
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

    /// Paths and mount points of a container that are not gone to.
    synchronized Set<String> pathsToAvoid(String container) {
        return byContainer.getOrDefault(container, List.of()).stream()
                .flatMap(h -> Stream.concat(Stream.of(h.path()), h.mountPoint().stream()))
                .collect(Collectors.toSet());
    }
}
