package io.github.writeprobe.probes.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// The status of a file, from statx(2). Ids are those of the host.
///
/// @param mode type and permissions, as in inode(7)
/// @param linkCount the number of its names; 0 if it was deleted
/// @param mountId the id of the mount that it was found on, as in `mountinfo`; 0 before Linux 5.8
/// @param modifiedNanos when its content last changed, in nanoseconds since 1970
/// @param device the number of its filesystem, major in the upper half
/// @param specialDevice the number of the device that a device file stands for, as in `device`
public record FileStatus(
        int mode,
        int uid,
        int gid,
        long bytes,
        int linkCount,
        long inode,
        long mountId,
        long modifiedNanos,
        long device,
        long specialDevice) {
    static final int SIZE = 256;

    /// `STATX_BASIC_STATS | STATX_MNT_ID`.
    static final int REQUEST_MASK = 0x7ff | 0x1000;

    private static final long NANOS = 1_000_000_000L;
    private static final int TYPE_MASK = 0170000;

    static FileStatus of(MemorySegment statx) {
        return new FileStatus(
                Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
                statx.get(JAVA_INT, 20),
                statx.get(JAVA_INT, 24),
                statx.get(JAVA_LONG, 40),
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_LONG, 32),
                statx.get(JAVA_LONG, 144),
                statx.get(JAVA_LONG, 112) * NANOS + statx.get(JAVA_INT, 120),
                (long) statx.get(JAVA_INT, 136) << 32 | statx.get(JAVA_INT, 140),
                (long) statx.get(JAVA_INT, 128) << 32 | statx.get(JAVA_INT, 132));
    }

    /// Whether both are the same file or directory, seen through the same mount or another one.
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /// Whether both are the same file or directory, seen through the same mount.
    public boolean isSameFileAndMount(FileStatus other) {
        return isSameFile(other) && mountId == other.mountId;
    }

    /// The type bits of the mode: `0100000` for a regular file.
    public int type() {
        return mode & TYPE_MASK;
    }

    /// The permission bits, including setuid, setgid and sticky.
    public int permissions() {
        return mode & ~TYPE_MASK;
    }

    public boolean isRegularFile() {
        return type() == 0100000;
    }

    public boolean isDirectory() {
        return type() == 0040000;
    }

    /// Whether overlayfs shows that a file of a lower layer was removed: a character device 0/0.
    public boolean isWhiteout() {
        return type() == 0020000 && specialDevice == 0;
    }

    public boolean isSocket() {
        return type() == 0140000;
    }

    public boolean isSymbolicLink() {
        return type() == 0120000;
    }
}
