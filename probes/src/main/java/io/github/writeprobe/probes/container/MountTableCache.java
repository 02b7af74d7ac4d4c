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
    private static final int MOST = 1024;

    /// Characters of a table of some hundred mounts.
    private static final int USUAL = 1 << 15;

    /// A parsed table takes some five times its text.
    private static final long PART_OF_HEAP = 16;

    private final long mostUnusual;

    /// Characters of unusual tables, by container.
    private final Map<String, Integer> unusual = new HashMap<>();

    private record Known(String text, MountTable table) {}

    private final Map<String, Known> byContainer =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST;
                }
            };

    public MountTableCache() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /// @param mostUnusual characters of all unusual tables together
    MountTableCache(long mostUnusual) {
        this.mostUnusual = mostUnusual;
    }

    /// @param text as it was read just now
    /// @return empty if it would take more memory than there is for unusual tables
    public Optional<MountTable> of(String container, String text) {
        Known known = known(container);
        if (known != null && known.text().equals(text)) {
            return Optional.of(known.table());
        }
        if (!admits(container, text.length())) {
            return Optional.empty();
        }
        MountTable table = text.length() > USUAL ? parsedAlone(text) : MountTable.parse(text);
        keep(container, new Known(text, table));
        return Optional.of(table);
    }

    private synchronized boolean admits(String container, int length) {
        unusual.remove(container);
        if (length <= USUAL) {
            return true;
        }
        long others = unusual.values().stream().mapToLong(Integer::longValue).sum();
        boolean admitted = others + length <= mostUnusual;
        if (admitted) {
            unusual.put(container, length);
        }
        return admitted;
    }

    /// One at a time, since parsing takes several times as much again.
    private static MountTable parsedAlone(String text) {
        synchronized (MountTableCache.class) {
            return MountTable.parse(text);
        }
    }

    /// Its text is not kept; who has the table keeps it.
    public synchronized void drop(String container) {
        byContainer.remove(container);
    }

    /// Nobody has its table any more.
    public synchronized void forget(String container) {
        byContainer.remove(container);
        unusual.remove(container);
    }

    public synchronized int size() {
        return byContainer.size();
    }

    private synchronized @Nullable Known known(String container) {
        return byContainer.get(container);
    }

    private synchronized void keep(String container, Known known) {
        byContainer.put(container, known);
    }
}
