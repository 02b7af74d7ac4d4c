package io.github.writeprobe.docker;

import io.github.writeprobe.probes.cache.LruMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Execs whose connection was closed before their end. They may still run, because the API cannot
/// end them.
final class UnfinishedExecs {
    /// The most recently used containers. Removed containers are dropped eventually.
    private static final int MAX_CONTAINERS = 1_000;

    /// More than one container can have, unless all were started at once.
    private static final int MAX_EXECS = 100;

    private final Map<String, Set<String>> execs = new LruMap<>(MAX_CONTAINERS);

    synchronized List<String> of(String container) {
        return List.copyOf(execs.getOrDefault(container, Set.of()));
    }

    synchronized void add(String container, String exec) {
        Set<String> ids = execs.computeIfAbsent(container, c -> new LinkedHashSet<>());
        if (ids.size() < MAX_EXECS) {
            ids.add(exec);
        }
    }

    synchronized void remove(String container, String exec) {
        Set<String> ids = execs.get(container);
        if (ids != null && ids.remove(exec) && ids.isEmpty()) {
            execs.remove(container);
        }
    }

    synchronized int containerCount() {
        return execs.size();
    }
}
