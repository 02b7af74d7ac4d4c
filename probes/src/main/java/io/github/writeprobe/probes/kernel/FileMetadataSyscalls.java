package io.github.writeprobe.probes.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// System calls that inspect files: their status, the targets of links, the entries of directories.
/// Must be used on the thread of its kernel.
///
/// A network filesystem is not made to refresh the status of a file (`AT_STATX_DONT_SYNC`), so that
/// one that hangs does not block the caller.
public final class FileMetadataSyscalls {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int STATX_FLAGS = AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    private static final int PATH_MAX = 4096;
    private static final int ENTRIES = 1 << 15;
    private static final int ENTRY_LENGTH = 16;
    private static final int ENTRY_NAME = 19;

    private final LinuxSyscalls kernel;
    private final MemorySegment name;
    private final MemorySegment statx;
    private final MemorySegment target;
    private final MemorySegment entries;

    FileMetadataSyscalls(LinuxSyscalls kernel) {
        this.kernel = kernel;
        Arena arena = Arena.ofAuto();
        this.name = arena.allocate(PATH_MAX);
        this.statx = arena.allocate(FileStatus.SIZE, 8);
        this.target = arena.allocate(PATH_MAX);
        this.entries = arena.allocate(ENTRIES, 8);
    }

    private boolean setName(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length >= PATH_MAX) {
            return false;
        }
        MemorySegment.copy(bytes, 0, name, JAVA_BYTE, 0, bytes.length);
        name.set(JAVA_BYTE, bytes.length, (byte) 0);
        return true;
    }

    /// The status of an open file.
    public Optional<FileStatus> status(int fd) {
        return status(fd, "", AT_EMPTY_PATH);
    }

    /// The status of the file that an entry of an open directory leads to. In a process's `fd`
    /// directory in procfs, this is the file that the process has open.
    public Optional<FileStatus> statusFollowingLink(int directory, String entry) {
        return status(directory, entry, 0);
    }

    /// The status of an entry of an open directory itself.
    public Optional<FileStatus> entryStatus(int directory, String entry) {
        return status(directory, entry, AT_SYMLINK_NOFOLLOW);
    }

    private Optional<FileStatus> status(int directory, String entry, int flags) {
        boolean found =
                setName(entry)
                        && kernel.call(
                                        SyscallNumber.STATX,
                                        directory,
                                        LinuxSyscalls.address(name),
                                        flags | STATX_FLAGS,
                                        FileStatus.REQUEST_MASK,
                                        LinuxSyscalls.address(statx),
                                        0)
                                == 0;
        return found ? Optional.of(FileStatus.of(statx)) : Optional.empty();
    }

    /// The target of a symbolic link: readlinkat(2).
    public Optional<String> readLink(int directory, String link) {
        if (!setName(link)) {
            return Optional.empty();
        }
        long length =
                kernel.call(
                        SyscallNumber.READLINKAT,
                        directory,
                        LinuxSyscalls.address(name),
                        LinuxSyscalls.address(target),
                        PATH_MAX,
                        0,
                        0);
        return length < 0 || length >= PATH_MAX
                ? Optional.empty()
                : Optional.of(LinuxSyscalls.decode(target, (int) length));
    }

    /// The names in an open directory, without `.` and `..`, in the order of the filesystem.
    ///
    /// @param max the maximum number of names; one more is read, so that the caller sees that there
    ///   are more
    public List<String> listNames(int directory, int max) {
        List<String> names = new ArrayList<>();
        long bytesRead;
        do {
            bytesRead =
                    kernel.call(
                            SyscallNumber.GETDENTS64,
                            directory,
                            LinuxSyscalls.address(entries),
                            ENTRIES,
                            0,
                            0,
                            0);
            for (long offset = 0; offset < bytesRead && names.size() <= max; ) {
                int length = Short.toUnsignedInt(entries.get(JAVA_SHORT, offset + ENTRY_LENGTH));
                String entry = entries.getString(offset + ENTRY_NAME, UTF_8);
                if (!entry.equals(".") && !entry.equals("..")) {
                    names.add(entry);
                }
                offset += length;
            }
        } while (bytesRead > 0 && names.size() <= max);
        return names;
    }
}
