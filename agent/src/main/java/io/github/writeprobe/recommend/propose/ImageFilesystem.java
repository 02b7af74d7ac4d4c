package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.FileView.Listing;
import io.github.writeprobe.recommend.known.MountRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files of the image, below what the container has changed: the current files without those
/// that were added since the container was created.
final class ImageFilesystem {
    private static final int MAX_ENTRIES = 2000;
    private static final int EXAMPLES = 3;

    /// What a tmpfs on a directory would hide.
    ///
    /// @param files number of files that are not empty; symbolic links count
    /// @param examples some of those files
    /// @param directories paths of the directories below it, without those that services do not
    ///   need
    record Content(int files, List<String> examples, List<String> directories) {
        Content {
            examples = List.copyOf(examples);
            directories = List.copyOf(directories);
        }

        boolean isEmpty() {
            return files == 0 && directories.isEmpty();
        }
    }

    private final BoundedFileView fileView;
    private final Set<String> added;
    private final Set<String> mountPoints;
    private final MountRules directories;
    private final Map<String, Boolean> newDirectories = new HashMap<>();
    private final Map<String, Content> contents = new HashMap<>();

    /// @param added paths that were added since the container was created
    /// @param mountPoints where a mount hides the image
    ImageFilesystem(
            BoundedFileView fileView,
            Set<String> added,
            Set<String> mountPoints,
            MountRules directories) {
        this.fileView = fileView;
        this.added = Set.copyOf(added);
        this.mountPoints = Set.copyOf(mountPoints);
        this.directories = directories;
    }

    /// Whether the image does not have this directory: the container or a clone created it.
    boolean isNew(String directory) {
        if (directory.equals("/")) {
            return false;
        }
        Boolean cached = newDirectories.get(directory);
        if (cached == null) {
            cached =
                    added.contains(directory)
                            || isNew(PathNames.parent(directory))
                            || fileView.isAbsent(directory);
            newDirectories.put(directory, cached);
        }
        return cached;
    }

    Optional<FileFacts> facts(String directory) {
        return fileView.file(directory).filter(f -> f.type() == FileType.DIRECTORY);
    }

    Content content(String directory) {
        Content cached = contents.get(directory);
        if (cached == null) {
            cached = scan(directory, Set.of());
            contents.put(directory, cached);
        }
        return cached;
    }

    /// Whether the content of the image is not known.
    boolean isUnknown() {
        return fileView.isUnavailable();
    }

    /// How many files a directory has outside of the excluded directories.
    int filesOutside(String directory, Set<String> excluded) {
        return scan(directory, excluded).files();
    }

    private Content scan(String directory, Set<String> excluded) {
        if (isNew(directory)) {
            return new Content(0, List.of(), List.of());
        }
        int files = 0;
        List<String> examples = new ArrayList<>();
        List<String> subdirectories = new ArrayList<>();
        Deque<String> queue = new ArrayDeque<>(List.of(directory));
        int remaining = MAX_ENTRIES;
        while (!queue.isEmpty() && remaining > 0) {
            for (FileFacts entry : sorted(fileView.list(queue.remove()))) {
                String path = entry.path();
                if (remaining-- == 0) {
                    break;
                }
                if (added.contains(path) || mountPoints.contains(path) || excluded.contains(path)) {
                    continue;
                }
                if (entry.type() == FileType.DIRECTORY) {
                    queue.add(path);
                    if (!directories.isBystander(path)) {
                        subdirectories.add(path);
                    }
                } else if (isContent(entry) && !directories.isBystander(path)) {
                    files++;
                    if (examples.size() < EXAMPLES) {
                        examples.add(path);
                    }
                }
            }
        }
        return new Content(files, examples, subdirectories);
    }

    private static boolean isContent(FileFacts entry) {
        return entry.type() == FileType.SYMLINK
                || (entry.type() == FileType.REGULAR && entry.bytes() > 0);
    }

    private static List<FileFacts> sorted(Optional<Listing> listing) {
        return listing.map(Listing::entries).orElse(List.of()).stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .toList();
    }
}
