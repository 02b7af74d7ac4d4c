package io.github.writeprobe.probes.writes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What was seen so far, file by file as long as there are not too many, and directory by directory
/// beyond. Written by one thread, read by others.
///
/// Its bounds hold whatever a container does: so many files, so many in one directory, so many
/// characters of names.
final class WriteLog {
    /// @param files that are named
    /// @param perDirectory that are named in one directory
    /// @param directories that stand for files that are not
    /// @param characters of all names of each kind
    record Bounds(int files, int perDirectory, int directories, int characters) {
        static final Bounds DEFAULT = new Bounds(20_000, 1000, 2000, 4 << 20);
    }

    /// How the file of a probe begins, ours or another's.
    private static final String PROBE_FILE_PREFIX = "/.writeprobe-";

    /// So many names of processes are kept for a file.
    private static final int MAX_WRITERS = 16;

    /// What is known of one file, or of all in a directory that are not named.
    private static final class Entry {
        private FileType type;
        private boolean deleted;
        private boolean open;
        private boolean executed;
        private long times;
        private long modifications;
        private long bytes;
        private long modified;
        private final Set<String> writers = new HashSet<>();

        Entry(FileType type) {
            this.type = type;
        }

        private static Entry directory() {
            return new Entry(FileType.DIRECTORY);
        }

        private void addWriter(String name) {
            if (!name.isEmpty() && writers.size() < MAX_WRITERS) {
                writers.add(name);
            }
        }

        private WrittenFile toWrittenFile(String path, boolean gone) {
            return new WrittenFile(
                    path,
                    type,
                    gone,
                    open,
                    Math.max(times, modifications),
                    bytes,
                    executed,
                    writers);
        }
    }

    private final Bounds bounds;
    private final Map<String, Entry> files = new LinkedHashMap<>();
    private final Map<String, Integer> filesPerDirectory = new HashMap<>();
    private final DirectoryTally<Entry> directories;
    private long characters;
    private long events;
    private boolean truncated;

    WriteLog(Bounds bounds) {
        this.bounds = bounds;
        this.directories =
                new DirectoryTally<>(
                        bounds.directories(), bounds.characters() / 4, WriteLog::merge);
    }

    private static Entry merge(Entry one, Entry other) {
        one.times += other.times;
        one.modifications += other.modifications;
        one.open |= other.open;
        one.executed |= other.executed;
        one.bytes = Math.max(one.bytes, other.bytes);
        other.writers.forEach(one::addWriter);
        return one;
    }

    /// A write was seen.
    ///
    /// @param writer empty if nobody knows
    synchronized void recordWrite(
            String path, FileType type, boolean deleted, long bytes, String writer) {
        Entry entry = entryFor(path, type, deleted);
        events++;
        entry.times++;
        entry.bytes = Math.max(entry.bytes, bytes);
        entry.addWriter(writer);
    }

    /// A process has it open for writing.
    ///
    /// @param modified when its content changed last; another time than before is another write; 0
    ///   if nobody knows
    synchronized void recordOpen(
            String path, FileType type, boolean deleted, long bytes, long modified, String writer) {
        Entry entry = entryFor(path, type, deleted);
        if (entry.modified != 0 && modified != 0 && entry.modified != modified) {
            entry.modifications++;
        }
        entry.open = true;
        entry.modified = modified == 0 ? entry.modified : modified;
        entry.bytes = Math.max(entry.bytes, bytes);
        entry.addWriter(writer);
    }

    /// It was run, or mapped to be run.
    synchronized void recordExecution(String path, boolean deleted) {
        entryFor(path, FileType.REGULAR, deleted).executed = true;
    }

    /// More is written in a directory than can be told one by one.
    synchronized void recordOmitted(String directory) {
        truncated = true;
        directories.entryFor(directory, Entry::directory).times++;
    }

    private Entry entryFor(String path, FileType type, boolean deleted) {
        if (path.contains(PROBE_FILE_PREFIX)) {
            return new Entry(type);
        }
        Entry entry = files.get(path);
        if (entry == null) {
            String directory = parent(path);
            int count = filesPerDirectory.getOrDefault(directory, 0);
            if (files.size() >= bounds.files()
                    || count >= bounds.perDirectory()
                    || characters + path.length() > bounds.characters()) {
                truncated = true;
                return directories.entryFor(directory, Entry::directory);
            }
            entry = new Entry(type);
            files.put(path, entry);
            filesPerDirectory.put(directory, count + 1);
            characters += path.length();
        }
        entry.type = type;
        entry.deleted = deleted;
        return entry;
    }

    /// How many files are known so far, those that are not named not counted.
    synchronized int size() {
        return files.size();
    }

    /// How many writes were seen.
    synchronized long events() {
        return events;
    }

    /// Whether there was more than could be told file by file.
    synchronized boolean isTruncated() {
        return truncated;
    }

    /// What may be gone by now: all that has a name in here.
    synchronized List<String> paths() {
        return Stream.concat(files.keySet().stream(), directories.paths().stream()).toList();
    }

    /// @param gone of [#paths], those that are not there any more
    synchronized List<WrittenFile> writtenFiles(Set<String> gone) {
        return Stream.concat(
                        files.entrySet().stream()
                                .map(e ->
                                        e.getValue()
                                                .toWrittenFile(
                                                        e.getKey(),
                                                        e.getValue().deleted
                                                                || gone.contains(e.getKey()))),
                        directories.entries().entrySet().stream()
                                .map(e ->
                                        e.getValue()
                                                .toWrittenFile(
                                                        e.getKey(), gone.contains(e.getKey()))))
                .toList();
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
