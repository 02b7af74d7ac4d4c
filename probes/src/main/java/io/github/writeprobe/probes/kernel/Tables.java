package io.github.writeprobe.probes.kernel;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Mount tables as they were read last. Few of them ever change, and to parse one takes longer than
/// to try all paths: what is the same to the letter is not parsed again, and not kept twice.
public final class Tables {
    /// A table and its text take some 30 kB. Of most that end, somebody tells.
    private static final int MOST = 1024;

    private record Known(String text, MountTable table) {}

    private final Map<String, Known> byContainer =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST;
                }
            };

    /// @param text as it was read just now
    public MountTable of(String container, String text) {
        Known known = known(container);
        if (known != null && known.text().equals(text)) {
            return known.table();
        }
        MountTable table = MountTable.parse(text);
        keep(container, new Known(text, table));
        return table;
    }

    /// It is not read again.
    public synchronized void forget(String container) {
        byContainer.remove(container);
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
