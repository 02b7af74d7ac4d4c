package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup.Listing;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.known.MountPlacementRules;
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

    /// A volume may keep copies of this many files of the image without a good reason.
    private static final int FEW_FILES = 8;

    private static final int EXECUTE = 0111;

    /// What services unpack next to the file: Tomcat `book.war` to `book`.
    private static final List<String> ARCHIVES =
            List.of(".war", ".ear", ".jar", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz");

    /// What a tmpfs on a directory would hide.
    ///
    /// @param files number of files that are not empty; symbolic links count
    /// @param plainFiles number of those that are neither links nor hidden
    /// @param programs number of those that can be executed
    /// @param examples some of those files
    /// @param directories paths of the directories below it, without those that services do not
    ///   need
    record Content(
            int files,
            int plainFiles,
            int programs,
            List<String> examples,
            List<String> directories) {
        Content {
            examples = List.copyOf(examples);
            directories = List.copyOf(directories);
        }

        boolean isEmpty() {
            return files == 0 && directories.isEmpty();
        }

        boolean isWithoutPlainFiles() {
            return plainFiles == 0;
        }

        /// Whether there are only a few files, and no program among them.
        boolean isSmallData() {
            return plainFiles <= FEW_FILES && programs == 0;
        }
    }

    private final FileLookupCache fileView;
    private final Set<String> added;
    private final Set<String> mountPoints;
    private final MountPlacementRules directories;
    private final Map<String, Boolean> newDirectories = new HashMap<>();
    private final Map<String, Content> contents = new HashMap<>();

    /// @param added paths that were added since the container was created
    /// @param mountPoints where a mount hides the image
    ImageFilesystem(
            FileLookupCache fileView,
            Set<String> added,
            Set<String> mountPoints,
            MountPlacementRules directories) {
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
                            || isNew(PathStrings.parent(directory))
                            || fileView.isAbsent(directory);
            newDirectories.put(directory, cached);
        }
        return cached;
    }

    /// Whether a directory does not exist now. False also if that is not known.
    boolean isGone(String directory) {
        return fileView.isAbsent(directory);
    }

    /// Whether the image has an archive from which a new directory may have been unpacked.
    boolean hasArchiveOf(String directory) {
        return ARCHIVES.stream()
                .map(suffix -> directory + suffix)
                .anyMatch(
                        archive -> !added.contains(archive) && fileView.entry(archive).isPresent());
    }

    /// The size of all files that are at or below a directory now, except in some directories.
    long currentBytes(String directory, Set<String> excluded) {
        long bytes = 0;
        Deque<String> queue = new ArrayDeque<>(List.of(directory));
        for (int read = 0; read < MAX_ENTRIES && !queue.isEmpty(); read++) {
            for (FileFacts entry :
                    fileView.list(queue.remove()).map(Listing::entries).orElse(List.of())) {
                if (entry.type() == FileType.DIRECTORY && !excluded.contains(entry.path())) {
                    queue.add(entry.path());
                }
                bytes += entry.bytes();
            }
        }
        return bytes;
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
            return new Content(0, 0, 0, List.of(), List.of());
        }
        int files = 0;
        int plainFiles = 0;
        int programs = 0;
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
                    boolean regular = entry.type() == FileType.REGULAR;
                    plainFiles += regular && !PathStrings.name(path).startsWith(".") ? 1 : 0;
                    programs += regular && (entry.mode() & EXECUTE) != 0 ? 1 : 0;
                    if (examples.size() < EXAMPLES) {
                        examples.add(path);
                    }
                }
            }
        }
        return new Content(files, plainFiles, programs, examples, subdirectories);
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
