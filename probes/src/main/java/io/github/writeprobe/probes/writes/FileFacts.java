package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/// A file as the container sees it.
///
/// @param path in the container, with symbolic links resolved, except for the last component of an
///   entry of a listing. Untrusted text
/// @param mode the permission bits, including setuid, setgid and sticky: `01777`
/// @param uid the owner's id in the container
/// @param gid the group's id in the container
/// @param bytes the size of a regular file; 0 for anything else
/// @param target the target of a symbolic link, as written; else empty. Untrusted text
/// @param modified when the content last changed. A change of the owner or the mode does not change
///   it. Some lookups report whole seconds only. Empty if it is not known
public record FileFacts(
        String path,
        FileType type,
        int mode,
        long uid,
        long gid,
        long bytes,
        String target,
        Optional<Instant> modified) {
    /// A file of which it is not known when it was modified.
    public FileFacts(
            String path, FileType type, int mode, long uid, long gid, long bytes, String target) {
        this(path, type, mode, uid, gid, bytes, target, Optional.empty());
    }

    public FileFacts {
        requireNonNull(path);
        requireNonNull(type);
        requireNonNull(target);
        requireNonNull(modified);
    }
}
