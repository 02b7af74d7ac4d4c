package io.github.writeprobe.probes.writes;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A bounded number of directories, each with a value.
///
/// If there are too many directories, those below the directory with the most entries are merged
/// into it, except for the first few. One entry for a directory with a thousand subdirectories is
/// more useful than an entry for each of them, and directories elsewhere are not affected.
final class BoundedDirectoryMap<T> {
    /// The number of subdirectories that are kept when a directory is merged. Only a directory with
    /// twice as many is merged.
    private static final int KEPT_CHILDREN = 16;

    /// Deeper paths are represented by their ancestor at this depth.
    private static final int MAX_DEPTH = 32;

    private static final int DEEP_LEVEL = 8;

    private final int maxEntries;
    private final int maxCharacters;
    private final BinaryOperator<T> merger;
    private Map<String, T> entries = new LinkedHashMap<>();
    private long length;

    /// @param merger merges the second value into the first
    BoundedDirectoryMap(int maxEntries, int maxCharacters, BinaryOperator<T> merger) {
        this.maxEntries = maxEntries;
        this.maxCharacters = maxCharacters;
        this.merger = merger;
    }

    /// The entry that represents a path: its own, or that of a directory above it.
    T entryFor(String path, Supplier<T> factory) {
        String key = truncate(path, MAX_DEPTH);
        T entry = entries.get(key);
        if (entry != null) {
            return entry;
        }
        entry = factory.get();
        entries.put(key, entry);
        length += key.length();
        if (!isOverLimit()) {
            return entry;
        }
        while (isOverLimit()) {
            String largest = largestDirectory();
            if (largest.isEmpty()) {
                truncateDeepest();
            } else {
                mergeInto(largest);
            }
        }
        String representative = key;
        while (!entries.containsKey(representative) && !representative.equals("/")) {
            representative = WrittenFiles.parent(representative);
        }
        return entries.computeIfAbsent(representative, s -> factory.get());
    }

    private boolean isOverLimit() {
        return entries.size() > maxEntries || length > maxCharacters;
    }

    List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    Map<String, T> entries() {
        return entries;
    }

    private void mergeInto(String directory) {
        String prefix = directory.equals("/") ? "/" : directory + "/";
        Set<String> kept = new HashSet<>();
        replace(p -> {
            if (!p.startsWith(prefix)) {
                return p;
            }
            int end = p.indexOf('/', prefix.length());
            String first = end < 0 ? p : p.substring(0, end);
            return kept.contains(first) || (kept.size() < KEPT_CHILDREN && kept.add(first))
                    ? p
                    : directory;
        });
    }

    /// Truncates the deepest paths by one level; very deep paths to half of their depth.
    private void truncateDeepest() {
        int deepest =
                entries.keySet().stream().mapToInt(BoundedDirectoryMap::depth).max().orElse(0);
        int maxDepth = Math.max(0, deepest > DEEP_LEVEL ? deepest / 2 : deepest - 1);
        replace(p -> truncate(p, maxDepth));
    }

    private void replace(UnaryOperator<String> mapping) {
        Map<String, T> merged = new LinkedHashMap<>();
        entries.forEach((p, e) -> merged.merge(mapping.apply(p), e, merger));
        entries = merged;
        length = entries.keySet().stream().mapToLong(String::length).sum();
    }

    private static int depth(String path) {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    private static String truncate(String path, int depth) {
        int end = 0;
        for (int i = 0; i < depth; i++) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return path;
            }
        }
        return end == 0 ? "/" : path.substring(0, end);
    }

    /// The deepest of the directories that have at least half as many subdirectories as the largest
    /// one; empty if no directory has enough to be merged.
    private String largestDirectory() {
        Map<String, Set<String>> childrenByDirectory = new HashMap<>();
        for (String path : entries.keySet()) {
            String child = path;
            while (!child.equals("/")) {
                String directory = WrittenFiles.parent(child);
                if (!childrenByDirectory
                        .computeIfAbsent(directory, a -> new HashSet<>())
                        .add(child)) {
                    break;
                }
                child = directory;
            }
        }
        int largestSize = childrenByDirectory.values().stream().mapToInt(Set::size).max().orElse(0);
        return childrenByDirectory.entrySet().stream()
                .filter(e -> e.getValue().size() >= Math.max(2 * KEPT_CHILDREN, largestSize / 2))
                .map(Map.Entry::getKey)
                .max(
                        Comparator.<String>comparingInt(BoundedDirectoryMap::depth)
                                .thenComparing(Comparator.reverseOrder()))
                .orElse("");
    }
}
