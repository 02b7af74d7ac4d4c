package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileLookup.Listing;
import io.github.writeprobe.probes.writes.FileType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A cached view of a container's files with a limited number of queries. The view may query a
/// remote engine, and the container can have any number of files.
final class FileLookupCache {
    /// The largest number of entries that are read from one directory.
    static final int MAX_ENTRIES = 1000;

    /// The limit for queries about written files. A container can write any number of files.
    private static final int MAX_ENTRY_QUERIES = 2000;

    /// The limit for all other queries, mostly about directories that can be mount points.
    private static final int MAX_QUERIES = 5000;

    private final FileLookup files;
    private final Map<String, Optional<FileFacts>> facts = new HashMap<>();
    private final Map<String, Optional<Listing>> listings = new HashMap<>();
    private final Map<String, Map<String, FileFacts>> entries = new HashMap<>();
    private int entryQueriesLeft = MAX_ENTRY_QUERIES;
    private int queriesLeft = MAX_QUERIES;

    FileLookupCache(FileLookup files) {
        this.files = files;
    }

    /// A file, with symbolic links followed.
    Optional<FileFacts> file(String path) {
        Optional<FileFacts> cached = facts.get(path);
        if (cached != null) {
            return cached;
        }
        if (!tryQuery()) {
            return Optional.empty();
        }
        Optional<FileFacts> fetched = files.file(path);
        facts.put(path, fetched);
        return fetched;
    }

    /// Whether the files of this container cannot be read at all.
    boolean isUnavailable() {
        return file("/").isEmpty();
    }

    /// Whether this directory does not exist. False also if that is not known.
    boolean isAbsent(String directory) {
        boolean isDirectory = isDirectory(directory);
        return !isDirectory && facts.containsKey(directory) && !isUnavailable();
    }

    Optional<Listing> list(String directory) {
        Optional<Listing> cached = listings.get(directory);
        if (cached == null) {
            cached = tryQuery() ? files.list(directory, MAX_ENTRIES) : Optional.empty();
            listings.put(directory, cached);
        }
        return cached;
    }

    /// An entry of a directory, without following links. The whole directory is read and cached,
    /// because its other entries are often needed too.
    Optional<FileFacts> entry(String path) {
        String directory = PathStrings.parent(path);
        Map<String, FileFacts> cached = entries.get(directory);
        if (cached == null) {
            Map<String, FileFacts> found = new HashMap<>();
            if (entryQueriesLeft-- > 0) {
                list(directory)
                        .ifPresent(l ->
                                l.entries().forEach(e -> found.put(PathStrings.name(e.path()), e)));
            }
            cached = found;
            entries.put(directory, cached);
        }
        return Optional.ofNullable(cached.get(PathStrings.name(path)));
    }

    FileType type(String path) {
        return entry(path).map(FileFacts::type).orElse(FileType.UNKNOWN);
    }

    boolean isDirectory(String path) {
        return file(path).filter(f -> f.type() == FileType.DIRECTORY).isPresent();
    }

    /// The path with symbolic links resolved, or the path itself if that is not known.
    String resolved(String path) {
        return file(path).map(FileFacts::path).orElse(path);
    }

    /// Whether a limit was reached, so that some queries had no answer.
    boolean isExhausted() {
        return queriesLeft < 0 || entryQueriesLeft < 0;
    }

    private boolean tryQuery() {
        return queriesLeft-- > 0;
    }
}
