package io.github.writeprobe.recommend.observe;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One line of `docker diff`.
///
/// @param path in the container. Untrusted text
public record FileChange(Kind kind, String path) {
    public enum Kind {
        /// The file itself changed, or something in the directory did.
        CHANGED,
        ADDED,
        DELETED,
        /// The owner or the mode of a file or a directory changed, and its content did not.
        OWNER_CHANGED,
        /// The engine created it to mount something there.
        MOUNT_POINT
    }

    public FileChange {
        requireNonNull(kind);
        requireNonNull(path);
    }

    /// The changes without some files, and without the directories that are listed only because of
    /// these files.
    static List<FileChange> without(List<String> files, List<FileChange> changes) {
        if (files.isEmpty()) {
            return changes;
        }
        List<FileChange> others =
                changes.stream().filter(change -> !files.contains(change.path())).toList();
        return others.stream()
                .filter(change ->
                        files.stream().noneMatch(change::contains)
                                || others.stream().map(FileChange::path).anyMatch(change::contains))
                .toList();
    }

    private boolean contains(String file) {
        return file.startsWith(path + "/");
    }
}
