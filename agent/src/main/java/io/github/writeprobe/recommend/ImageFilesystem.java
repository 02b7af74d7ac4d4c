package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.FileView.Listing;
import io.github.writeprobe.recommend.known.MountableDirectories;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the image has, under what the container has made of it: the files as they are, less those
/// that were added since.
final class ImageFilesystem {
    private static final int MOST_LOOKED_AT = 2000;
    private static final int EXAMPLES = 3;

    /// What a tmpfs on a directory would hide.
    ///
    /// @param files how many that are not empty; links count
    /// @param examples of them
    /// @param directories paths of those below it, but for those that nobody misses
    record Content(int files, List<String> examples, List<String> directories) {
        Content {
            examples = List.copyOf(examples);
            directories = List.copyOf(directories);
        }

        boolean isEmpty() {
            return files == 0 && directories.isEmpty();
        }
    }

    private final BoundedFileView looks;
    private final Set<String> added;
    private final Set<String> mountPoints;
    private final MountableDirectories directories;
    private final Map<String, Boolean> news = new HashMap<>();
    private final Map<String, Content> contents = new HashMap<>();

    /// @param added paths that were added since the container was created
    /// @param mountPoints where something else lies over the image
    ImageFilesystem(
            BoundedFileView looks,
            Set<String> added,
            Set<String> mountPoints,
            MountableDirectories directories) {
        this.looks = looks;
        this.added = Set.copyOf(added);
        this.mountPoints = Set.copyOf(mountPoints);
        this.directories = directories;
    }

    /// Whether the image has no such directory: it was made since, or a clone made it.
    boolean isNew(String directory) {
        if (directory.equals("/")) {
            return false;
        }
        Boolean known = news.get(directory);
        if (known == null) {
            known =
                    added.contains(directory)
                            || isNew(PathNames.parent(directory))
                            || looks.isAbsent(directory);
            news.put(directory, known);
        }
        return known;
    }

    Optional<FileFacts> facts(String directory) {
        return looks.file(directory).filter(f -> f.type() == FileType.DIRECTORY);
    }

    Content content(String directory) {
        Content known = contents.get(directory);
        if (known == null) {
            known = look(directory, Set.of());
            contents.put(directory, known);
        }
        return known;
    }

    /// Whether nobody can say what the image has.
    boolean unknown() {
        return looks.blind();
    }

    /// How many files it has that are in none of those directories.
    int filesBeside(String directory, Set<String> others) {
        return look(directory, others).files();
    }

    private Content look(String directory, Set<String> others) {
        if (isNew(directory)) {
            return new Content(0, List.of(), List.of());
        }
        int files = 0;
        List<String> examples = new ArrayList<>();
        List<String> below = new ArrayList<>();
        Deque<String> todo = new ArrayDeque<>(List.of(directory));
        int left = MOST_LOOKED_AT;
        while (!todo.isEmpty() && left > 0) {
            for (FileFacts entry : sorted(looks.list(todo.remove()))) {
                String path = entry.path();
                if (left-- == 0) {
                    break;
                }
                if (added.contains(path) || mountPoints.contains(path) || others.contains(path)) {
                    continue;
                }
                if (entry.type() == FileType.DIRECTORY) {
                    todo.add(path);
                    if (!directories.bystander(path)) {
                        below.add(path);
                    }
                } else if (matters(entry) && !directories.bystander(path)) {
                    files++;
                    if (examples.size() < EXAMPLES) {
                        examples.add(path);
                    }
                }
            }
        }
        return new Content(files, examples, below);
    }

    private static boolean matters(FileFacts entry) {
        return entry.type() == FileType.SYMLINK
                || (entry.type() == FileType.REGULAR && entry.bytes() > 0);
    }

    private static List<FileFacts> sorted(Optional<Listing> listing) {
        return listing.map(Listing::entries).orElse(List.of()).stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .toList();
    }
}
