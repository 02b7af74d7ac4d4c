package io.github.writeprobe.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/// Sends datagrams to a Unix socket on Linux, through libc, because the JDK supports only stream
/// sockets of that family. unix(7), sendto(2).
///
/// The constants are those of x86, Arm, RISC-V, Power and s390x. If the receiver's queue is full,
/// sending waits for a limited time.
@SuppressWarnings("restricted")
final class UnixDatagramSender {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final long SEND_TIMEOUT_SECONDS = 1;

    /// The length of the path in `struct sockaddr_un`, which follows two bytes for the family.
    private static final int SUN_PATH = 108;

    private static final long SUN_PATH_OFFSET = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            downcall(
                    "socket",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    CAPTURE_ERRNO);
    private static final MethodHandle SETSOCKOPT =
            downcall(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                    CAPTURE_ERRNO);
    private static final MethodHandle SENDTO =
            downcall(
                    "sendto",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                    CAPTURE_ERRNO);
    private static final MethodHandle CLOSE =
            downcall("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle STRERROR =
            downcall("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private UnixDatagramSender() {}

    private static MethodHandle downcall(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /// Sends one datagram. Returns the reason if that failed.
    ///
    /// @param address a path, or `@` and a name in the abstract namespace
    static Optional<String> send(String address, byte[] datagram) {
        byte[] name = address.getBytes(UTF_8);
        boolean isAbstract = address.startsWith("@");
        if (isAbstract) {
            name[0] = 0;
        }
        int length = isAbstract ? name.length : name.length + 1;
        if (length > SUN_PATH) {
            return Optional.of("the address is longer than " + SUN_PATH + " bytes");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(SUN_PATH_OFFSET + SUN_PATH, Long.BYTES);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, SUN_PATH_OFFSET, name.length);
            return send(arena, to, (int) SUN_PATH_OFFSET + length, datagram);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<String> send(Arena arena, MemorySegment to, int length, byte[] datagram)
            throws Throwable {
        MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
        int fd = (int) SOCKET.invokeExact(errno, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return failure("socket", errno);
        }
        try {
            MemorySegment timeval = arena.allocateFrom(JAVA_LONG, SEND_TIMEOUT_SECONDS, 0);
            int set =
                    (int)
                            SETSOCKOPT.invokeExact(
                                    errno,
                                    fd,
                                    SOL_SOCKET,
                                    SO_SNDTIMEO,
                                    timeval,
                                    (int) timeval.byteSize());
            if (set < 0) {
                return failure("setsockopt", errno);
            }
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, datagram);
            long sent =
                    (long)
                            SENDTO.invokeExact(
                                    errno, fd, bytes, bytes.byteSize(), MSG_NOSIGNAL, to, length);
            return sent < 0 ? failure("sendto", errno) : Optional.empty();
        } finally {
            int ignored = (int) CLOSE.invokeExact(fd);
        }
    }

    private static Optional<String> failure(String call, MemorySegment errno) throws Throwable {
        int number = (int) ERRNO.get(errno, 0L);
        MemorySegment text = (MemorySegment) STRERROR.invokeExact(number);
        return Optional.of(call + ": " + text.reinterpret(Long.MAX_VALUE).getString(0));
    }
}
