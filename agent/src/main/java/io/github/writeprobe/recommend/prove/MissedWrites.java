package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.EngineCreatedPaths;
import io.github.writeprobe.recommend.observe.FileChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a clone wrote outside of all its mounts.
final class MissedWrites {
    /// Limits the queries for file types. Each is a call of the engine's API.
    private static final int MAX_TYPE_QUERIES = 50;

    private static final int MAX_WRITES = 20_000;

    private MissedWrites() {}

    /// What differs from the image, and what was open for writing.
    ///
    /// A changed directory counts only if nothing below it changed: then something was created in
    /// it and removed. Mount points and their parent directories do not count, because the engine
    /// creates them.
    static List<WrittenFile> of(
            List<FileChange> changes,
            List<WrittenFile> open,
            List<DeclaredMount> mounts,
            FileLookup files) {
        List<String> mountPoints = mountPoints(mounts);
        TreeSet<String> rows = new TreeSet<>();
        changes.forEach(change -> rows.add(change.path()));
        Map<String, WrittenFile> missed = new LinkedHashMap<>();
        int typeQueries = 0;
        for (FileChange change : changes) {
            String path = change.path();
            String next = rows.ceiling(path + "/");
            boolean isLeaf = next == null || !next.startsWith(path + "/");
            boolean isWritten =
                    change.kind() != FileChange.Kind.OWNER_CHANGED
                            && change.kind() != FileChange.Kind.MOUNT_POINT;
            if (isLeaf && isWritten && isOutside(path, mountPoints) && missed.size() < MAX_WRITES) {
                boolean gone = change.kind() == FileChange.Kind.DELETED;
                FileType type =
                        gone || typeQueries++ >= MAX_TYPE_QUERIES
                                ? FileType.UNKNOWN
                                : files.file(path).map(FileFacts::type).orElse(FileType.UNKNOWN);
                missed.put(path, new WrittenFile(path, type, gone, false, 1, 0, false, Set.of()));
            }
        }
        open.stream()
                .filter(written -> isOutside(written.path(), mountPoints))
                .limit(MAX_WRITES)
                .forEach(written -> missed.put(written.path(), written));
        return List.copyOf(missed.values());
    }

    /// What a clone could not write.
    static List<WrittenFile> refused(List<String> paths) {
        return paths.stream()
                .map(path ->
                        new WrittenFile(
                                path, FileType.UNKNOWN, false, false, 1, 0, false, Set.of()))
                .toList();
    }

    private static List<String> mountPoints(List<DeclaredMount> mounts) {
        return mounts.stream().map(DeclaredMount::destination).toList();
    }

    private static boolean isOutside(String path, List<String> mountPoints) {
        return !EngineCreatedPaths.contains(path)
                && mountPoints.stream()
                        .noneMatch(mount -> path.equals(mount) || path.startsWith(mount + "/"));
    }
}
