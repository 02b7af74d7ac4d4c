package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is in some directories at one moment, with what other mounts show in them.
///
/// @param roots the directories; a root may also be a single file that is mounted
/// @param entries by path, without the directories themselves
/// @param complete whether everything could be read
record FileSnapshot(
        Set<String> roots, Map<String, FileFacts> entries, int directories, boolean complete) {
    private static final int MAX_FILES = 20_000;
    private static final int MAX_DIRECTORIES = 2000;

    FileSnapshot {
        roots = Set.copyOf(roots);
        requireNonNull(entries);
    }

    static FileSnapshot of(Collection<String> roots, FileLookup files) {
        Map<String, FileFacts> entries = new TreeMap<>();
        Deque<String> queue = new ArrayDeque<>(roots);
        Set<String> queued = new HashSet<>(roots);
        boolean complete = true;
        while (!queue.isEmpty()) {
            String path = queue.remove();
            Optional<FileLookup.Listing> listing = files.list(path, MAX_FILES);
            Optional<FileFacts> file =
                    listing.isPresent()
                            ? Optional.empty()
                            : files.file(path).filter(f -> f.type() != FileType.DIRECTORY);
            file.ifPresent(facts -> entries.put(path, facts));
            complete &= listing.map(FileLookup.Listing::complete).orElse(file.isPresent());
            for (FileFacts facts : listing.map(FileLookup.Listing::entries).orElse(List.of())) {
                if (entries.size() >= MAX_FILES) {
                    complete = false;
                    break;
                }
                entries.put(facts.path(), facts);
                if (facts.type() == FileType.DIRECTORY && queued.add(facts.path())) {
                    if (queued.size() <= MAX_DIRECTORIES) {
                        queue.add(facts.path());
                    } else {
                        complete = false;
                    }
                }
            }
        }
        return new FileSnapshot(
                Set.copyOf(roots), entries, Math.min(queued.size(), MAX_DIRECTORIES), complete);
    }

    Set<String> regularFiles() {
        return entries.values().stream()
                .filter(facts -> facts.type() == FileType.REGULAR)
                .map(FileFacts::path)
                .collect(Collectors.toSet());
    }

    long bytes() {
        return entries.values().stream().mapToLong(FileFacts::bytes).sum();
    }

    /// The part of it that is in some of its roots, and in no other root inside them.
    FileSnapshot within(Set<String> selected) {
        Map<String, FileFacts> part = new TreeMap<>(entries);
        part.keySet().removeIf(path -> !selected.contains(rootOf(path)));
        return new FileSnapshot(selected, part, directories, complete);
    }

    private String rootOf(String path) {
        String best = "";
        for (String root : roots) {
            if (root.length() > best.length() && MountTable.isAtOrBelow(path, root)) {
                best = root;
            }
        }
        return best;
    }

    /// What was written: only what a service itself wrote has a time after the creation of its
    /// container, because copies keep the times of their originals.
    ///
    /// @param time by the clock of the container's host
    Set<String> modifiedSince(Instant time) {
        return paths(facts ->
                facts.modified().filter(m -> !m.isBefore(lowerBound(m, time))).isPresent());
    }

    /// A time without a fraction may be that of any moment of its second.
    private static Instant lowerBound(Instant modified, Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return modified.equals(modified.truncatedTo(ChronoUnit.SECONDS)) ? second : time;
    }

    /// What is new, different or gone. Sockets do not count, because some lookups do not show them.
    Set<String> changedSince(FileSnapshot earlier) {
        Set<String> changed = paths(facts -> differs(facts, earlier.entries.get(facts.path())));
        earlier.entries.values().stream()
                .filter(facts -> facts.type() != FileType.SOCKET)
                .map(FileFacts::path)
                .filter(path -> !entries.containsKey(path))
                .forEach(changed::add);
        return changed;
    }

    private static boolean differs(FileFacts facts, @Nullable FileFacts earlier) {
        return facts.type() != FileType.SOCKET
                && (earlier == null
                        || facts.type() != earlier.type()
                        || facts.bytes() != earlier.bytes()
                        || !seconds(facts).equals(seconds(earlier)));
    }

    private static Optional<Long> seconds(FileFacts facts) {
        return facts.modified().map(Instant::getEpochSecond);
    }

    private Set<String> paths(Predicate<FileFacts> selected) {
        return entries.values().stream()
                .filter(selected)
                .map(FileFacts::path)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
