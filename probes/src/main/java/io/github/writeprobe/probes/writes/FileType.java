package io.github.writeprobe.probes.writes;

/// The type of a file. See inode(7).
public enum FileType {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    SOCKET,
    FIFO,
    DEVICE,
    /// The file was deleted before it could be inspected.
    UNKNOWN
}
