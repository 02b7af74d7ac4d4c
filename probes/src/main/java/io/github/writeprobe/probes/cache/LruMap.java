package io.github.writeprobe.probes.cache;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that drops the entry that was used least recently when it becomes too large. Not
/// thread-safe.
public final class LruMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private static final float DEFAULT_LOAD_FACTOR = 0.75f;

    private final int maxEntries;

    public LruMap(int maxEntries) {
        super(16, DEFAULT_LOAD_FACTOR, true);
        this.maxEntries = maxEntries;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > maxEntries;
    }
}
