package io.github.writeprobe.probes.mounts;

import io.github.writeprobe.probes.cache.LruMap;
import java.util.List;
import java.util.Map;

/// Fields that the mount tables of many containers have in common, each kept in memory only once.
/// Without this, the tables of 300 containers are half of the agent's heap.
final class SharedFields {
    /// Limits what a container can occupy here by a table with other fields.
    private static final int MAX_FIELDS = 2048;

    private static final int MAX_LENGTH = 160;

    private static final Map<String, String> TEXTS = new LruMap<>(MAX_FIELDS);
    private static final Map<String, List<String>> OPTIONS = new LruMap<>(MAX_FIELDS);

    private SharedFields() {}

    /// An equal text.
    static synchronized String text(String field) {
        return field.length() > MAX_LENGTH ? field : TEXTS.computeIfAbsent(field, f -> f);
    }

    /// The options in a field, which commas separate.
    static synchronized List<String> options(String field) {
        return field.length() > MAX_LENGTH
                ? split(field)
                : OPTIONS.computeIfAbsent(field, SharedFields::split);
    }

    private static List<String> split(String field) {
        return List.of(field.split(","));
    }
}
