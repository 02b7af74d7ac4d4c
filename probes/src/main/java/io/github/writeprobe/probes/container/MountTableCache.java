package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.cache.LruMap;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cache of the mount tables that were read last. Few of them ever change, and parsing one takes
/// longer than probing all paths. So a text that has not changed is not parsed again.
public final class MountTableCache {
    /// A table takes some 20 kB. Most entries are removed when their container ends; this limits
    /// the others.
    private static final int MAX_TABLES = 1024;

    /// The number of characters of a table with some hundred mounts.
    private static final int USUAL_LENGTH = 1 << 15;

    /// A parsed table takes some five times the memory of its text.
    private static final long HEAP_FRACTION = 16;

    private final long maxUnusual;

    /// The number of characters of the unusually large tables, by container.
    private final Map<String, Integer> unusual = new HashMap<>();

    private final Map<String, MountTable> byContainer = new LruMap<>(MAX_TABLES);

    public MountTableCache() {
        this(Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
    }

    /// @param maxUnusual the number of characters of all unusually large tables together
    MountTableCache(long maxUnusual) {
        this.maxUnusual = maxUnusual;
    }

    /// @param text as just read
    /// @return empty if the table would exceed the memory for unusually large tables
    public Optional<MountTable> parse(String container, String text) {
        MountTable cached = cached(container);
        if (cached != null && cached.isOf(text)) {
            return Optional.of(cached);
        }
        if (!admit(container, text.length())) {
            return Optional.empty();
        }
        MountTable table =
                text.length() > USUAL_LENGTH ? parseExclusively(text) : MountTable.parse(text);
        put(container, table);
        return Optional.of(table);
    }

    private synchronized boolean admit(String container, int length) {
        unusual.remove(container);
        if (length <= USUAL_LENGTH) {
            return true;
        }
        long others = unusual.values().stream().mapToLong(Integer::longValue).sum();
        boolean admitted = others + length <= maxUnusual;
        if (admitted) {
            unusual.put(container, length);
        }
        return admitted;
    }

    /// One table at a time, since parsing temporarily takes several times its memory.
    private static MountTable parseExclusively(String text) {
        synchronized (MountTableCache.class) {
            return MountTable.parse(text);
        }
    }

    /// Drops the cached table. It still counts as in use.
    public synchronized void evict(String container) {
        byContainer.remove(container);
    }

    /// The container's table is no longer in use.
    public synchronized void remove(String container) {
        byContainer.remove(container);
        unusual.remove(container);
    }

    public synchronized int size() {
        return byContainer.size();
    }

    private synchronized @Nullable MountTable cached(String container) {
        return byContainer.get(container);
    }

    private synchronized void put(String container, MountTable cached) {
        byContainer.put(container, cached);
    }
}
