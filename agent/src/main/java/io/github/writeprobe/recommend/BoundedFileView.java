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
    static final int MOST_ENTRIES = 1000;

    /// Questions about files that were written, of which there can be any number.
    private static final int MOST_ENTRY_QUESTIONS = 2000;

    /// All other questions: those about directories that may be mounted on.
    private static final int MOST_QUESTIONS = 5000;

    private final FileView files;
    private final Map<String, Optional<FileFacts>> facts = new HashMap<>();
    private final Map<String, Optional<Listing>> listings = new HashMap<>();
    private final Map<String, Map<String, FileFacts>> entries = new HashMap<>();
    private int entriesLeft = MOST_ENTRY_QUESTIONS;
    private int left = MOST_QUESTIONS;

    BoundedFileView(FileView files) {
        this.files = files;
    }

    /// A file, with links followed.
    Optional<FileFacts> file(String path) {
        Optional<FileFacts> known = facts.get(path);
        if (known != null) {
            return known;
        }
        if (!allowed()) {
            return Optional.empty();
        }
        Optional<FileFacts> asked = files.file(path);
        facts.put(path, asked);
        return asked;
    }

    /// Whether nobody can say anything about this container's files.
    boolean blind() {
        return file("/").isEmpty();
    }

    /// Whether there is no such directory. False also if nobody can say.
    boolean isAbsent(String directory) {
        boolean isDirectory = directory(directory);
        return !isDirectory && facts.containsKey(directory) && !blind();
    }

    Optional<Listing> list(String directory) {
        Optional<Listing> known = listings.get(directory);
        if (known == null) {
            known = allowed() ? files.list(directory, MOST_ENTRIES) : Optional.empty();
            listings.put(directory, known);
        }
        return known;
    }

    /// An entry of a directory, links not followed; asked for with its neighbours, since they are
    /// often asked for too.
    Optional<FileFacts> entry(String path) {
        String directory = PathNames.parent(path);
        Map<String, FileFacts> known = entries.get(directory);
        if (known == null) {
            Map<String, FileFacts> found = new HashMap<>();
            if (entriesLeft-- > 0) {
                list(directory)
                        .ifPresent(l ->
                                l.entries().forEach(e -> found.put(PathNames.name(e.path()), e)));
            }
            known = found;
            entries.put(directory, known);
        }
        return Optional.ofNullable(known.get(PathNames.name(path)));
    }

    FileType type(String path) {
        return entry(path).map(FileFacts::type).orElse(FileType.UNKNOWN);
    }

    boolean directory(String path) {
        return file(path).filter(f -> f.type() == FileType.DIRECTORY).isPresent();
    }

    /// Where a path leads; itself if nobody knows.
    String resolved(String path) {
        return file(path).map(FileFacts::path).orElse(path);
    }

    /// Whether not all questions were answered, since there were too many.
    boolean exhausted() {
        return left < 0 || entriesLeft < 0;
    }

    private boolean allowed() {
        return left-- > 0;
    }
}
