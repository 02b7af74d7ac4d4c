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

/// A bounded number of directories, each with what is known of it.
///
/// Where there are too many, those in the most crowded one become that one, but for the first few:
/// that a directory has a thousand others in it says more than each of them, and one that lies
/// elsewhere stays what it is.
final class DirectoryTally<T> {
    /// A directory with twice as many others in it is crowded, and so many of them stay.
    private static final int STAY = 16;

    /// Whatever lies deeper, is told of by what lies there.
    private static final int DEEPEST = 32;

    private static final int DEEP = 8;

    private final int most;
    private final int characters;
    private final BinaryOperator<T> fold;
    private Map<String, T> entries = new LinkedHashMap<>();
    private long length;

    /// @param fold puts the second into the first
    DirectoryTally(int most, int characters, BinaryOperator<T> fold) {
        this.most = most;
        this.characters = characters;
        this.fold = fold;
    }

    /// The one that stands for a path: itself, or one above it.
    T at(String path, Supplier<T> fresh) {
        String wanted = cut(path, DEEPEST);
        T entry = entries.get(wanted);
        if (entry != null) {
            return entry;
        }
        entry = fresh.get();
        entries.put(wanted, entry);
        length += wanted.length();
        if (!tooMany()) {
            return entry;
        }
        while (tooMany()) {
            String crowded = mostCrowded();
            if (crowded.isEmpty()) {
                shorten();
            } else {
                gather(crowded);
            }
        }
        String stands = wanted;
        while (!entries.containsKey(stands) && !stands.equals("/")) {
            stands = WriteLog.parent(stands);
        }
        return entries.computeIfAbsent(stands, s -> fresh.get());
    }

    private boolean tooMany() {
        return entries.size() > most || length > characters;
    }

    List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    Map<String, T> entries() {
        return entries;
    }

    private void gather(String above) {
        String prefix = above.equals("/") ? "/" : above + "/";
        Set<String> stay = new HashSet<>();
        replace(p -> {
            if (!p.startsWith(prefix)) {
                return p;
            }
            int end = p.indexOf('/', prefix.length());
            String first = end < 0 ? p : p.substring(0, end);
            return stay.contains(first) || (stay.size() < STAY && stay.add(first)) ? p : above;
        });
    }

    /// Cuts the deepest ones; those that are very deep to half of it.
    private void shorten() {
        int deepest = entries.keySet().stream().mapToInt(DirectoryTally::depth).max().orElse(0);
        int keep = Math.max(0, deepest > DEEP ? deepest / 2 : deepest - 1);
        replace(p -> cut(p, keep));
    }

    private void replace(UnaryOperator<String> by) {
        Map<String, T> fewer = new LinkedHashMap<>();
        entries.forEach((p, e) -> fewer.merge(by.apply(p), e, fold));
        entries = fewer;
        length = entries.keySet().stream().mapToLong(String::length).sum();
    }

    private static int depth(String path) {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    private static String cut(String path, int depth) {
        int end = 0;
        for (int i = 0; i < depth; i++) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return path;
            }
        }
        return end == 0 ? "/" : path.substring(0, end);
    }

    /// Of the directories with the most others in them, or half as many, the deepest; empty if none
    /// is crowded.
    private String mostCrowded() {
        Map<String, Set<String>> inside = new HashMap<>();
        for (String path : entries.keySet()) {
            String below = path;
            while (!below.equals("/")) {
                String above = WriteLog.parent(below);
                if (!inside.computeIfAbsent(above, a -> new HashSet<>()).add(below)) {
                    break;
                }
                below = above;
            }
        }
        int most = inside.values().stream().mapToInt(Set::size).max().orElse(0);
        return inside.entrySet().stream()
                .filter(e -> e.getValue().size() >= Math.max(2 * STAY, most / 2))
                .map(Map.Entry::getKey)
                .max(
                        Comparator.<String>comparingInt(DirectoryTally::depth)
                                .thenComparing(Comparator.reverseOrder()))
                .orElse("");
    }
}
