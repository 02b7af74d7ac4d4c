package io.github.writeprobe.docker.inspect;

import java.util.LinkedHashSet;
import java.util.Set;

/// The most recently added ids; the oldest ones are dropped. Thread-safe.
public final class RecentIds {
    private static final int MAX_IDS = 512;

    private final Set<String> ids = new LinkedHashSet<>();

    public synchronized void add(String id) {
        if (ids.add(id) && ids.size() > MAX_IDS) {
            ids.remove(ids.iterator().next());
        }
    }

    synchronized boolean contains(String id) {
        return ids.contains(id);
    }
}
