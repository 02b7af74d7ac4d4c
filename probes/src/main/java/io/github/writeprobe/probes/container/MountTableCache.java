package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Mount tables as they were read last. Few of them ever change, and to parse one takes longer than
/// to try all paths: what is the same to the letter is not parsed again, and not kept twice.
public final class MountTableCache {
    /// A table and its text take some 30 kB. Of most that end, somebody tells.
    private static final int MAX_TABLES = 1024;

    /// Characters of a table of some hundred mounts.
    private static final int USUAL_LENGTH = 1 << 15;

    /// A parsed table takes some five times its text.
    private static final long HEAP_FRACTION = 16;

    private final long maxUnusual;

    /// Characters of unusual tables, by container.
    private final Map<String, Integer> unusual = new HashMap<>();

    private record CachedTable(String text, MountTable table) {}

    private final Map<String, CachedTable> byContainer =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CachedTable> eldest) {
                    return size() > MAX_TABLES;
                }
            };

    public MountTableCache() {
        this(Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
    }

    /// @param maxUnusual characters of all unusual tables together
    MountTableCache(long maxUnusual) {
        this.maxUnusual = maxUnusual;
    }

    /// @param text as it was read just now
    /// @return empty if it would take more memory than there is for unusual tables
    public Optional<MountTable> parse(String container, String text) {
        CachedTable cached = cached(container);
        if (cached != null && cached.text().equals(text)) {
            return Optional.of(cached.table());
        }
        if (!admit(container, text.length())) {
            return Optional.empty();
        }
        MountTable table =
                text.length() > USUAL_LENGTH ? parseExclusively(text) : MountTable.parse(text);
        put(container, new CachedTable(text, table));
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

    /// One at a time, since parsing takes several times as much again.
    private static MountTable parseExclusively(String text) {
        synchronized (MountTableCache.class) {
            return MountTable.parse(text);
        }
    }

    /// Its text is not kept; who has the table keeps it.
    public synchronized void evict(String container) {
        byContainer.remove(container);
    }

    /// Nobody has its table any more.
    public synchronized void remove(String container) {
        byContainer.remove(container);
        unusual.remove(container);
    }

    public synchronized int size() {
        return byContainer.size();
    }

    private synchronized @Nullable CachedTable cached(String container) {
        return byContainer.get(container);
    }

    private synchronized void put(String container, CachedTable cached) {
        byContainer.put(container, cached);
    }
}
