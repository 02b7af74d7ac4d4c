package io.github.writeprobe.probes.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// System calls. Each returns what the kernel returns: a result, or a negative errno.
///
/// All of them go through syscall(2) and bypass the C library's wrappers: glibc's setgroups, for
/// example, would change every thread of the process. An instance must be used by one thread only,
/// since it has buffers. A call that blocks also blocks its thread, which must not be a virtual
/// thread.
public final class LinuxSyscalls {
    /// The number of bytes that a probe writes.
    public static final int PROBE_BYTES = 2;

    public static final int AT_FDCWD = -100;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NOCTTY = 0400;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;

    /// Values for the resolve field of `struct open_how`: openat2(2).
    public static final int RESOLVE_NO_XDEV = 0x01;

    public static final int RESOLVE_NO_MAGICLINKS = 0x02;

    public static final int RESOLVE_NO_SYMLINKS = 0x04;
    public static final int RESOLVE_IN_ROOT = 0x10;

    public static final int EPOLLIN = 0x001;
    public static final int EPOLLPRI = 0x002;
    public static final int EPOLLERR = 0x008;

    private static final int TMPFILE_BIT = 020000000;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_EACCESS = 0x200;
    private static final int X_OK = 1;
    private static final int W_OK = 2;
    private static final int STATX_TYPE_MODE_LINKS_OWNER = 0x1 | 0x2 | 0x4 | 0x8 | 0x10;
    private static final int EINTR = 4;

    private static final int CLONE_FS = 0x00000200;
    private static final int CLONE_NEWNS = 0x00020000;
    private static final int NS_GET_USERNS = 0xb701;
    private static final int NS_GET_PARENT = 0xb702;

    private static final int CLOCK_BOOTTIME = 7;
    private static final int SCHED_FIFO = 1;
    private static final int LOWEST_NICE = -20;

    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int PATH_MAX = 4096;
    private static final int READ_SIZE = 1 << 16;
    private static final int MAX_RECORD = 1 << 20;
    private static final int EVENTS = 256;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = syscall();

    private final Abi abi;
    private final MemorySegment callState;
    private final MemorySegment path;
    private final MemorySegment openHow;
    private final MemorySegment buffer;
    private final MemorySegment smallBuffer;
    private byte[] readBuffer = new byte[READ_SIZE];
    private Optional<FileMetadataSyscalls> files = Optional.empty();

    public LinuxSyscalls(Abi abi) {
        this.abi = abi;
        Arena arena = Arena.ofAuto();
        this.callState = arena.allocate(CALL_STATE);
        this.path = arena.allocate(PATH_MAX + 1L);
        this.openHow = arena.allocate(24, 8);
        this.buffer = arena.allocate(READ_SIZE, 8);
        this.smallBuffer = arena.allocate(256, 8);
    }

    @SuppressWarnings("restricted") // the manifest of the jar allows it
    private static MethodHandle syscall() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    public Abi abi() {
        return abi;
    }

    /// The calls that inspect files, for the same thread.
    public FileMetadataSyscalls files() {
        FileMetadataSyscalls calls = files.orElseGet(() -> new FileMetadataSyscalls(this));
        files = Optional.of(calls);
        return calls;
    }

    /// `O_TMPFILE`, for an unnamed file in a directory.
    public int tmpfileFlags() {
        return TMPFILE_BIT | abi.directory;
    }

    long call(SyscallNumber call, long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            try {
                result =
                        (long)
                                SYSCALL.invokeExact(
                                        callState, (long) call.number(abi), a, b, c, d, e, f);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
            if (result >= 0) {
                return result;
            }
            result = -(int) ERRNO.get(callState, 0L);
        } while (result == -EINTR);
        return result;
    }

    static long address(MemorySegment segment) {
        return segment.address();
    }

    /// @return whether the text fits
    private boolean setPath(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length >= PATH_MAX) {
            return false;
        }
        MemorySegment.copy(bytes, 0, path, JAVA_BYTE, 0, bytes.length);
        path.set(JAVA_BYTE, bytes.length, (byte) 0);
        return true;
    }

    private static final long ESRCH = -3;
    private static final long ENAMETOOLONG = -36;
    private static final long EINVAL = -22;

    /// openat2(2): with RESOLVE_IN_ROOT, `name` is resolved as by a process whose root directory is
    /// `root`.
    public long openIn(int root, String name, int flags, int mode, int resolve) {
        if (!setPath(name)) {
            return ENAMETOOLONG;
        }
        openHow.set(JAVA_LONG, 0, flags);
        openHow.set(JAVA_LONG, 8, mode);
        openHow.set(JAVA_LONG, 16, resolve);
        return call(
                SyscallNumber.OPENAT2,
                root,
                address(path),
                address(openHow),
                openHow.byteSize(),
                0,
                0);
    }

    /// openat(2), which follows all links.
    public long open(int directory, String name, int flags, int mode) {
        return setPath(name)
                ? call(SyscallNumber.OPENAT, directory, address(path), flags, mode, 0, 0)
                : ENAMETOOLONG;
    }

    /// Opens the directory of a process.
    ///
    /// @param proc where procfs is mounted
    /// @return negative if there is no such process
    public long openProcess(String proc, long pid) {
        return pid <= 0
                ? ESRCH
                : open(AT_FDCWD, proc + "/" + pid, O_PATH | O_CLOEXEC | abi.directory, 0);
    }

    public void close(long fd) {
        if (fd >= 0) {
            call(SyscallNumber.CLOSE, fd, 0, 0, 0, 0, 0);
        }
    }

    /// Writes [#PROBE_BYTES] bytes.
    public long writeProbeBytes(int fd) {
        smallBuffer.set(JAVA_SHORT, 0, (short) 0x0a3a);
        return call(SyscallNumber.WRITE, fd, address(smallBuffer), PROBE_BYTES, 0, 0, 0);
    }

    /// Whether this thread may execute the open file: faccessat2(2).
    public long checkExecutable(int fd) {
        path.set(JAVA_BYTE, 0, (byte) 0);
        return call(
                SyscallNumber.FACCESSAT2,
                fd,
                address(path),
                X_OK,
                AT_EMPTY_PATH | AT_EACCESS,
                0,
                0);
    }

    /// Whether this thread may write to the open file: faccessat2(2). If its mount is read-only,
    /// the result is EROFS.
    public long checkWritable(int fd) {
        path.set(JAVA_BYTE, 0, (byte) 0);
        return call(
                SyscallNumber.FACCESSAT2,
                fd,
                address(path),
                W_OK,
                AT_EMPTY_PATH | AT_EACCESS,
                0,
                0);
    }

    public long unlink(int directory, String name) {
        return setPath(name)
                ? call(SyscallNumber.UNLINKAT, directory, address(path), 0, 0, 0, 0)
                : ENAMETOOLONG;
    }

    /// Removes an attribute that the file does not have, which changes nothing. The kernel checks
    /// first whether the mount is read-only, before permissions and everything else.
    public long removeMissingAttribute(int fd) {
        String file = "/proc/self/fd/" + fd;
        setPath(file + "\0user.writeprobe-" + UUID.randomUUID());
        long attribute = address(path) + file.length() + 1;
        return call(SyscallNumber.REMOVEXATTR, address(path), attribute, 0, 0, 0, 0);
    }

    /// The type and the owner of an open file.
    ///
    /// @param linkCount the number of its names; 0 if it was deleted
    public record Status(int mode, int uid, int gid, int linkCount) {
        private static final int TYPE = 0170000;

        public boolean isDirectory() {
            return (mode & TYPE) == 0040000;
        }

        public boolean isRegularFile() {
            return (mode & TYPE) == 0100000;
        }

        /// Whether it is a character device, as `/dev/null` is.
        public boolean isCharacterDevice() {
            return (mode & TYPE) == 0020000;
        }
    }

    public Optional<Status> status(int fd) {
        path.set(JAVA_BYTE, 0, (byte) 0);
        long result =
                call(
                        SyscallNumber.STATX,
                        fd,
                        address(path),
                        AT_EMPTY_PATH,
                        STATX_TYPE_MODE_LINKS_OWNER,
                        address(smallBuffer),
                        0);
        return result < 0
                ? Optional.empty()
                : Optional.of(
                        new Status(
                                Short.toUnsignedInt(smallBuffer.get(JAVA_SHORT, 28)),
                                smallBuffer.get(JAVA_INT, 20),
                                smallBuffer.get(JAVA_INT, 24),
                                smallBuffer.get(JAVA_INT, 16)));
    }

    /// The path of an open file in its mount namespace, as the kernel reports it.
    public Optional<String> pathOf(int fd) {
        setPath("/proc/self/fd/" + fd);
        long length =
                call(
                        SyscallNumber.READLINKAT,
                        AT_FDCWD,
                        address(path),
                        address(buffer),
                        PATH_MAX,
                        0,
                        0);
        return length < 0 || length >= PATH_MAX
                ? Optional.empty()
                : Optional.of(decode(buffer, (int) length));
    }

    static String decode(MemorySegment segment, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(segment, JAVA_BYTE, 0, bytes, 0, length);
        return new String(bytes, UTF_8);
    }

    /// The target of a symbolic link of procfs, such as `ns/user`; empty if it cannot be read.
    public Optional<String> readLink(int directory, String name) {
        if (!setPath(name)) {
            return Optional.empty();
        }
        long length =
                call(
                        SyscallNumber.READLINKAT,
                        directory,
                        address(path),
                        address(buffer),
                        PATH_MAX,
                        0,
                        0);
        return length < 0 || length >= PATH_MAX
                ? Optional.empty()
                : Optional.of(decode(buffer, (int) length));
    }

    /// The content of a file of procfs, as UTF-8.
    ///
    /// @param max the maximum number of bytes; a longer file is truncated
    /// @return empty if it cannot be read, for example because its process has ended
    public Optional<String> readText(int directory, String name, int max) {
        long fd = open(directory, name, O_RDONLY | O_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return readText((int) fd, max);
        } finally {
            close(fd);
        }
    }

    /// The current content of an open file of procfs that the kernel prints as one record, as it
    /// does for a process's `status`: one read returns all of it.
    public Optional<String> readRecord(int fd) {
        long length = call(SyscallNumber.PREAD64, fd, address(buffer), buffer.byteSize(), 0, 0, 0);
        if (length == buffer.byteSize()) {
            return readText(fd, MAX_RECORD);
        }
        return length < 0 ? Optional.empty() : Optional.of(decode(buffer, (int) length));
    }

    /// The current content of an open file, from its beginning.
    public Optional<String> readText(int fd, int max) {
        int length = 0;
        while (length < max) {
            long bytesRead =
                    call(
                            SyscallNumber.PREAD64,
                            fd,
                            address(buffer),
                            buffer.byteSize(),
                            length,
                            0,
                            0);
            if (bytesRead < 0) {
                return Optional.empty();
            }
            if (bytesRead == 0) {
                break;
            }
            if (length + bytesRead > readBuffer.length) {
                readBuffer =
                        Arrays.copyOf(
                                readBuffer,
                                (int) Math.max(readBuffer.length * 2L, length + bytesRead));
            }
            MemorySegment.copy(buffer, JAVA_BYTE, 0, readBuffer, length, (int) bytesRead);
            length += (int) bytesRead;
        }
        return Optional.of(new String(readBuffer, 0, Math.min(length, max), UTF_8));
    }

    /// read(2): what a stream has now, as long as `into` at most.
    ///
    /// @return the number of bytes, or a negative errno
    public int read(int fd, byte[] into) {
        long max = Math.min(into.length, buffer.byteSize());
        long length = call(SyscallNumber.READ, fd, address(buffer), max, 0, 0, 0);
        if (length > 0) {
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) length);
        }
        return (int) length;
    }

    /// The time since the host booted, in nanoseconds, also that in which it was suspended:
    /// `CLOCK_BOOTTIME` of clock_gettime(2), by which procfs tells when a process started.
    public long sinceBoot() {
        call(SyscallNumber.CLOCK_GETTIME, CLOCK_BOOTTIME, address(smallBuffer), 0, 0, 0, 0);
        return smallBuffer.get(JAVA_LONG, 0) * 1_000_000_000L + smallBuffer.get(JAVA_LONG, 8);
    }

    // The credentials of the thread.

    /// @return 0, or a negative errno
    public long setGroups(List<Integer> groups) {
        if (4L * groups.size() > buffer.byteSize()) {
            return EINVAL;
        }
        for (int i = 0; i < groups.size(); i++) {
            buffer.set(JAVA_INT, 4L * i, groups.get(i));
        }
        return call(SyscallNumber.SETGROUPS, groups.size(), address(buffer), 0, 0, 0, 0);
    }

    /// setfsuid(2) returns the previous id and reports no failure. So a second call checks the
    /// result.
    public boolean setUser(int uid) {
        call(SyscallNumber.SETFSUID, Integer.toUnsignedLong(uid), 0, 0, 0, 0, 0);
        return (int) call(SyscallNumber.SETFSUID, 0xffffffffL, 0, 0, 0, 0, 0) == uid;
    }

    public boolean setGroup(int gid) {
        call(SyscallNumber.SETFSGID, Integer.toUnsignedLong(gid), 0, 0, 0, 0, 0);
        return (int) call(SyscallNumber.SETFSGID, 0xffffffffL, 0, 0, 0, 0, 0) == gid;
    }

    /// capset(2), for this thread.
    public long setCapabilities(long effective, long permitted, long inheritable) {
        smallBuffer.set(JAVA_INT, 0, CAPABILITY_VERSION_3);
        smallBuffer.set(JAVA_INT, 4, 0);
        for (int half = 0; half < 2; half++) {
            long at = 8 + 12L * half;
            smallBuffer.set(JAVA_INT, at, (int) (effective >>> (32 * half)));
            smallBuffer.set(JAVA_INT, at + 4, (int) (permitted >>> (32 * half)));
            smallBuffer.set(JAVA_INT, at + 8, (int) (inheritable >>> (32 * half)));
        }
        return call(
                SyscallNumber.CAPSET, address(smallBuffer), address(smallBuffer) + 8, 0, 0, 0, 0);
    }

    /// Lets this thread run before all that are not real-time, as soon as it can:
    /// sched_setscheduler(2). A thread that is not allowed to gets the best nice value that it may
    /// have.
    ///
    /// @return whether it is real-time now
    public boolean hurry() {
        smallBuffer.set(JAVA_INT, 0, 1);
        long result =
                call(
                        SyscallNumber.SCHED_SETSCHEDULER,
                        0,
                        SCHED_FIFO,
                        address(smallBuffer),
                        0,
                        0,
                        0);
        if (result < 0) {
            call(SyscallNumber.SETPRIORITY, 0, 0, LOWEST_NICE, 0, 0, 0);
        }
        return result >= 0;
    }

    // Namespaces.

    /// setns(2), for this thread: enters a mount namespace, at its root.
    public long enterMountNamespace(int namespace) {
        return call(SyscallNumber.SETNS, namespace, CLONE_NEWNS, 0, 0, 0, 0);
    }

    /// unshare(2): gives this thread its own root and working directory, which setns(2) requires
    /// for entering a mount namespace.
    public long unshareDirectories() {
        return call(SyscallNumber.UNSHARE, CLONE_FS, 0, 0, 0, 0, 0);
    }

    /// The user namespace that owns a namespace: ioctl_ns(2).
    ///
    /// @return an open descriptor, which the caller closes; or a negative errno
    public long ownerOf(int namespace) {
        return call(SyscallNumber.IOCTL, namespace, NS_GET_USERNS, 0, 0, 0, 0);
    }

    /// The parent of a PID or user namespace: ioctl_ns(2).
    ///
    /// @return an open descriptor, which the caller closes; or a negative errno: EPERM if the
    ///   parent is not visible to this process
    public long parentOf(int namespace) {
        return call(SyscallNumber.IOCTL, namespace, NS_GET_PARENT, 0, 0, 0, 0);
    }

    // Waiting.

    public long pidfd(int pid) {
        return call(SyscallNumber.PIDFD_OPEN, pid, 0, 0, 0, 0, 0);
    }

    public long eventfd() {
        return call(SyscallNumber.EVENTFD2, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0);
    }

    /// Wakes the threads that wait on an eventfd. Any thread may call it with its own kernel.
    public void wake(int eventfd) {
        smallBuffer.set(JAVA_LONG, 0, 1);
        call(SyscallNumber.WRITE, eventfd, address(smallBuffer), 8, 0, 0, 0);
    }

    public void drain(int eventfd) {
        call(SyscallNumber.READ, eventfd, address(smallBuffer), 8, 0, 0, 0);
    }

    public long epoll() {
        return call(SyscallNumber.EPOLL_CREATE1, O_CLOEXEC, 0, 0, 0, 0, 0);
    }

    /// Adds `fd` to an epoll instance. Closing `fd` removes it.
    public long watch(int epoll, int fd, int events, long data) {
        smallBuffer.set(JAVA_INT, 0, events);
        smallBuffer.set(JAVA_LONG_UNALIGNED, abi.epollData, data);
        return call(SyscallNumber.EPOLL_CTL, epoll, 1, fd, address(smallBuffer), 0, 0);
    }

    /// Waits for events.
    ///
    /// @return the data of the descriptors that have events
    public long[] await(int epoll) {
        return await(epoll, -1);
    }

    /// Waits for events, with a time limit in milliseconds.
    ///
    /// @return empty if there was no event
    public long[] await(int epoll, int millis) {
        long count = call(SyscallNumber.EPOLL_PWAIT, epoll, address(buffer), EVENTS, millis, 0, 8);
        long[] data = new long[(int) Math.max(0, count)];
        for (int i = 0; i < data.length; i++) {
            data[i] = buffer.get(JAVA_LONG_UNALIGNED, (long) i * abi.epollEvent + abi.epollData);
        }
        return data;
    }
}
