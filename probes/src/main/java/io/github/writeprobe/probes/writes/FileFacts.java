package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

/// A file as the container has it.
///
/// @param path in the container, symbolic links resolved, but for its own last component where it
///   is an entry of a listing. A stranger's text
/// @param mode permission bits, with setuid, setgid and sticky: `01777`
/// @param uid as the container counts
/// @param gid as the container counts
/// @param bytes size of a regular file; 0 of anything else
/// @param target where a symbolic link leads, as written; else empty
public record FileFacts(
        String path, FileType type, int mode, long uid, long gid, long bytes, String target) {
    public FileFacts {
        requireNonNull(path);
        requireNonNull(type);
        requireNonNull(target);
    }
}
