package io.github.writeprobe.probes.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A notification group of fanotify(7), which receives events on the files of marked mounts. Must
/// be used on the thread of its kernel.
///
/// It receives notifications only; no process waits for a permission decision. Its queue is bounded
/// by `fs.fanotify.max_queued_events`, since each queued event keeps a file and its mount in use.
/// The kernel reports only regular files to a group of this class, so it never opens a device or
/// FIFO.
public final class Fanotify implements AutoCloseable {
    public static final long MODIFY = 0x2;
    public static final long CLOSE_WRITE = 0x8;
    public static final long OPEN_EXEC = 0x1000;
    public static final long OVERFLOW = 0x4000;

    /// The maximum number of events in a batch, and so of files that are open at once.
    public static final int BATCH = 256;

    private static final long EVENT_ON_CHILD = 0x0800_0000;
    private static final int CLOEXEC = 0x1;
    private static final int NONBLOCK = 0x2;
    private static final int UNLIMITED_MARKS = 0x20;
    private static final int ADD = 0x1;
    private static final int REMOVE = 0x2;
    private static final int MOUNT = 0x10;
    private static final int SURVIVING_MODIFY = 0x40;
    private static final int FLUSH = 0x80;
    private static final int EVICTABLE = 0x200;
    private static final int IGNORE = 0x400;
    private static final int IGNORE_FLAGS = ADD | IGNORE | SURVIVING_MODIFY | EVICTABLE;

    /// The size of `struct fanotify_event_metadata`, and the offsets of its fields.
    private static final int EVENT_SIZE = 24;

    private static final int MASK_OFFSET = 8;
    private static final int FILE_OFFSET = 16;
    private static final int PID_OFFSET = 20;

    private final LinuxSyscalls kernel;
    private final int group;
    private final MemorySegment path;
    private final MemorySegment events;

    private Fanotify(LinuxSyscalls kernel, int group) {
        this.kernel = kernel;
        this.group = group;
        Arena arena = Arena.ofAuto();
        this.path = arena.allocate(64);
        this.events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
    }

    /// fanotify_init(2): a descriptor, or a negative errno.
    public static long init(LinuxSyscalls kernel) {
        int files =
                LinuxSyscalls.O_RDONLY
                        | LinuxSyscalls.O_CLOEXEC
                        | LinuxSyscalls.O_NONBLOCK
                        | kernel.abi().largeFile;
        return kernel.call(
                SyscallNumber.FANOTIFY_INIT,
                CLOEXEC | NONBLOCK | UNLIMITED_MARKS,
                files,
                0,
                0,
                0,
                0);
    }

    /// @param group as from [#init]
    public static Fanotify of(LinuxSyscalls kernel, int group) {
        return new Fanotify(kernel, group);
    }

    /// The descriptor to poll.
    public int descriptor() {
        return group;
    }

    /// Reports events on the mount that an open file is on.
    ///
    /// @return 0, or a negative errno
    public long addMountMark(int mount, long mask) {
        return mark(ADD | MOUNT, mask, mount);
    }

    /// Stops reporting these events.
    public long removeMountMark(int mount, long mask) {
        return mark(REMOVE | MOUNT, mask, mount);
    }

    /// Ignores writes to the files in an open directory. Needs Linux 6.0.
    public long ignoreDirectory(int directory) {
        return mark(IGNORE_FLAGS, MODIFY | CLOSE_WRITE | EVENT_ON_CHILD, directory);
    }

    /// Ignores writes to an open file. An ignored write costs its writer a fifth of a reported one.
    /// Needs Linux 6.0.
    public long ignoreFile(int file) {
        return mark(IGNORE_FLAGS, MODIFY | CLOSE_WRITE, file);
    }

    /// Removes everything that was ignored.
    public long clearIgnored() {
        return kernel.call(
                SyscallNumber.FANOTIFY_MARK, group, FLUSH, 0, LinuxSyscalls.AT_FDCWD, 0, 0);
    }

    private long mark(int flags, long mask, int file) {
        byte[] name = ("/proc/self/fd/" + file).getBytes(UTF_8);
        MemorySegment.copy(name, 0, path, JAVA_BYTE, 0, name.length);
        path.set(JAVA_BYTE, name.length, (byte) 0);
        return kernel.call(
                SyscallNumber.FANOTIFY_MARK,
                group,
                flags,
                mask,
                LinuxSyscalls.AT_FDCWD,
                LinuxSyscalls.address(path),
                0);
    }

    /// Reads the queue, at most one batch.
    ///
    /// @param handler called for each event; all files are closed afterwards
    /// @return the number of events, or a negative errno. `EAGAIN` means none. With any other
    ///   errno, the file of one event could not be opened, and that event is lost
    public int read(EventHandler handler) {
        long bytesRead =
                kernel.call(
                        SyscallNumber.READ,
                        group,
                        LinuxSyscalls.address(events),
                        events.byteSize(),
                        0,
                        0,
                        0);
        if (bytesRead <= 0) {
            return (int) bytesRead;
        }
        int count = 0;
        try {
            for (long offset = 0; offset < bytesRead; offset += eventLength(offset)) {
                handler.handle(
                        events.get(JAVA_LONG, offset + MASK_OFFSET),
                        events.get(JAVA_INT, offset + FILE_OFFSET),
                        events.get(JAVA_INT, offset + PID_OFFSET));
                count++;
            }
        } finally {
            for (long offset = 0; offset < bytesRead; offset += eventLength(offset)) {
                kernel.close(events.get(JAVA_INT, offset + FILE_OFFSET));
            }
        }
        return count;
    }

    private int eventLength(long offset) {
        return Math.max(EVENT_SIZE, events.get(JAVA_INT, offset));
    }

    /// Handles one event.
    public interface EventHandler {
        /// @param mask what happened
        /// @param file open for reading; negative if the queue overflowed
        /// @param pid the process that caused it; 0 if it is not in this process's PID namespace
        void handle(long mask, int file, int pid);
    }

    @Override
    public void close() {
        kernel.close(group);
    }
}
