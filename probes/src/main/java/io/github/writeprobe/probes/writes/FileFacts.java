package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

/// A file as the container sees it.
///
/// @param path in the container, with symbolic links resolved, except for the last component of an
///   entry of a listing. Untrusted text
/// @param mode the permission bits, including setuid, setgid and sticky: `01777`
/// @param uid the owner's id in the container
/// @param gid the group's id in the container
/// @param bytes the size of a regular file; 0 for anything else
/// @param target the target of a symbolic link, as written; else empty. Untrusted text
public record FileFacts(
        String path, FileType type, int mode, long uid, long gid, long bytes, String target) {
    public FileFacts {
        requireNonNull(path);
        requireNonNull(type);
        requireNonNull(target);
    }
}
