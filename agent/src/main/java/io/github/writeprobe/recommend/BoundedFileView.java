package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.probes.writes.FileView.Listing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A container's files, each asked for once and not more than a bounded number of them: behind the
/// view may be an engine far away, and in the container any number of files.
final class BoundedFileView {
    /// In one directory.
    static final int MAX_ENTRIES = 1000;

    /// Questions about files that were written, of which there can be any number.
    private static final int MAX_ENTRY_QUERIES = 2000;

    /// All other questions: those about directories that may be mounted on.
    private static final int MAX_QUERIES = 5000;

    private final FileView files;
    private final Map<String, Optional<FileFacts>> facts = new HashMap<>();
    private final Map<String, Optional<Listing>> listings = new HashMap<>();
    private final Map<String, Map<String, FileFacts>> entries = new HashMap<>();
    private int entryQueriesLeft = MAX_ENTRY_QUERIES;
    private int queriesLeft = MAX_QUERIES;

    BoundedFileView(FileView files) {
        this.files = files;
    }

    /// A file, with links followed.
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

    /// Whether nobody can say anything about this container's files.
    boolean isUnavailable() {
        return file("/").isEmpty();
    }

    /// Whether there is no such directory. False also if nobody can say.
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

    /// An entry of a directory, links not followed; asked for with its neighbours, since they are
    /// often asked for too.
    Optional<FileFacts> entry(String path) {
        String directory = PathNames.parent(path);
        Map<String, FileFacts> cached = entries.get(directory);
        if (cached == null) {
            Map<String, FileFacts> found = new HashMap<>();
            if (entryQueriesLeft-- > 0) {
                list(directory)
                        .ifPresent(l ->
                                l.entries().forEach(e -> found.put(PathNames.name(e.path()), e)));
            }
            cached = found;
            entries.put(directory, cached);
        }
        return Optional.ofNullable(cached.get(PathNames.name(path)));
    }

    FileType type(String path) {
        return entry(path).map(FileFacts::type).orElse(FileType.UNKNOWN);
    }

    boolean isDirectory(String path) {
        return file(path).filter(f -> f.type() == FileType.DIRECTORY).isPresent();
    }

    /// Where a path leads; itself if nobody knows.
    String resolved(String path) {
        return file(path).map(FileFacts::path).orElse(path);
    }

    /// Whether not all questions were answered, since there were too many.
    boolean isExhausted() {
        return queriesLeft < 0 || entryQueriesLeft < 0;
    }

    private boolean tryQuery() {
        return queriesLeft-- > 0;
    }
}
