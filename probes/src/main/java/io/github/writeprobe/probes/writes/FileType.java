package io.github.writeprobe.probes.writes;

/// What a file is. See inode(7).
public enum FileType {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    SOCKET,
    FIFO,
    DEVICE,
    /// It was gone before it could be looked at.
    UNKNOWN
}
