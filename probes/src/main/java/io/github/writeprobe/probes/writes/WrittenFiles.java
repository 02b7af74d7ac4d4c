package io.github.writeprobe.probes.writes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The writes seen so far: one entry for each file, and beyond a limit one for each directory.
/// Written by one thread, read by others.
///
/// Its size is bounded whatever a container does: by the number of files, the number of files in
/// one directory, and the length of all names.
final class WrittenFiles {
    /// @param files the maximum number of files
    /// @param perDirectory the maximum number of files in one directory
    /// @param directories the maximum number of directories that represent further files
    /// @param characters the maximum length of all file names together; a quarter of it for
    ///   directories
    record Bounds(int files, int perDirectory, int directories, int characters) {
        static final Bounds DEFAULT = new Bounds(20_000, 1000, 2000, 4 << 20);
    }

    /// The beginning of the name of a probe's file, also of another writeprobe process.
    private static final String PROBE_FILE_PREFIX = "/.writeprobe-";

    /// The maximum number of process names that are kept for a file.
    private static final int MAX_WRITERS = 16;

    /// What is known about one file, or about all other files of a directory.
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
    private final BoundedDirectoryMap<Entry> directories;
    private long characters;
    private long events;
    private boolean truncated;

    WrittenFiles(Bounds bounds) {
        this.bounds = bounds;
        this.directories =
                new BoundedDirectoryMap<>(
                        bounds.directories(), bounds.characters() / 4, WrittenFiles::merge);
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

    /// Records a write.
    ///
    /// @param writer empty if it is unknown
    synchronized void recordWrite(
            String path, FileType type, boolean deleted, long bytes, String writer) {
        Entry entry = entryFor(path, type, deleted);
        events++;
        entry.times++;
        entry.bytes = Math.max(entry.bytes, bytes);
        entry.addWriter(writer);
    }

    /// Records that a process has a file open for writing.
    ///
    /// @param modified when its content last changed; a change of this time counts as a write; 0 if
    ///   it is unknown
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

    /// Records that a file was executed, or mapped as executable.
    synchronized void recordExecution(String path, boolean deleted) {
        entryFor(path, FileType.REGULAR, deleted).executed = true;
    }

    /// Records that writes in a directory were not reported one by one.
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

    /// The number of files that have an entry of their own.
    synchronized int size() {
        return files.size();
    }

    /// The number of writes that were seen.
    synchronized long events() {
        return events;
    }

    /// Whether there were more files than have an entry of their own.
    synchronized boolean isTruncated() {
        return truncated;
    }

    /// All paths in the log, of files and of directories.
    synchronized List<String> paths() {
        return Stream.concat(files.keySet().stream(), directories.paths().stream()).toList();
    }

    /// @param gone those of [#paths] that no longer exist
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
