package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells what a service wrote from what else `docker diff` lists: mount points that the engine
/// created, also for mounts that it does not declare, such as the secrets of a Swarm service; and
/// files and directories of which only the owner or the mode changed.
public final class DiffNoiseMarker {
    /// Limits the directories that are read. Each can be a call of the engine's API.
    private static final int MAX_DIRECTORIES = 300;

    private static final int MAX_ENTRIES = 10_000;

    /// Types whose modification time says when the content changed.
    private static final Set<FileType> CONTENT =
            EnumSet.of(FileType.REGULAR, FileType.SYMLINK, FileType.DIRECTORY);

    private final FileLookup files;
    private final Optional<Instant> created;
    private final Set<String> mountPoints;
    private final Set<String> parents;
    private final Map<String, Map<String, FileFacts>> directories = new HashMap<>();

    private DiffNoiseMarker(
            FileLookup files,
            Optional<Instant> created,
            Set<String> mountPoints,
            List<FileChange> changes) {
        this.files = files;
        this.created = created;
        this.mountPoints = mountPoints;
        parents = changes.stream().map(change -> parent(change.path())).collect(Collectors.toSet());
    }

    /// @param subject whose diff it is
    /// @param pid of its first process now; 0 if it does not run
    public static List<FileChange> classify(
            List<FileChange> changes, ProposalTarget subject, long pid, FileLookup files) {
        DiffNoiseMarker classifier =
                new DiffNoiseMarker(files, subject.state().created(), mountPoints(pid), changes);
        return changes.stream().map(classifier::classify).toList();
    }

    private FileChange classify(FileChange change) {
        if (change.kind() != FileChange.Kind.DELETED && mountPoints.contains(change.path())) {
            return new FileChange(FileChange.Kind.MOUNT_POINT, change.path());
        }
        return change.kind() == FileChange.Kind.CHANGED && isOlder(change.path())
                ? new FileChange(FileChange.Kind.OWNER_CHANGED, change.path())
                : change;
    }

    /// Whether the content of a file did not change since the container was created, or no entry
    /// was created in a directory or removed. A directory with other changes is listed because of
    /// these.
    private boolean isOlder(String path) {
        return created.isPresent()
                && !parents.contains(path)
                && Optional.ofNullable(entries(parent(path)).get(path))
                        .filter(facts -> CONTENT.contains(facts.type()))
                        .flatMap(FileFacts::modified)
                        .filter(modified ->
                                modified.getEpochSecond() < created.get().getEpochSecond())
                        .isPresent();
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    private Map<String, FileFacts> entries(String directory) {
        Map<String, FileFacts> cached = directories.get(directory);
        if (cached == null) {
            cached = new HashMap<>();
            if (directories.size() < MAX_DIRECTORIES) {
                for (FileFacts facts :
                        files.list(directory, MAX_ENTRIES)
                                .map(FileLookup.Listing::entries)
                                .orElse(List.of())) {
                    cached.put(facts.path(), facts);
                }
            }
            directories.put(directory, cached);
        }
        return cached;
    }

    /// What the kernel says is mounted in the container; empty if that cannot be read here.
    private static Set<String> mountPoints(long pid) {
        try {
            return pid == 0
                    ? Set.of()
                    : MountTable.parse(Files.readString(Path.of("/proc/" + pid + "/mountinfo")))
                            .entries()
                            .stream()
                            .map(MountEntry::mountPoint)
                            .filter(point -> !point.equals("/"))
                            .collect(Collectors.toSet());
        } catch (IOException | RuntimeException unreadable) {
            return Set.of();
        }
    }
}
