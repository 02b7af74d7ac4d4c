package io.github.writeprobe.probes.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The differences between processor architectures in the kernel's ABI: flags of open(2), see
/// `arch/*/include/uapi/asm/fcntl.h`, and the layout of the event of epoll_ctl(2). The numbers of
/// the calls are in [SyscallNumber].
public enum Abi {
    X86_64("amd64", 0200000, 0400000, 0100000, 4, 12),
    AARCH64("aarch64", 040000, 0100000, 0400000, 8, 16);

    private final String architecture;
    public final int directory;
    public final int noFollow;
    public final int largeFile;
    public final int epollData;
    public final int epollEvent;

    /// @param directory `O_DIRECTORY`
    /// @param noFollow `O_NOFOLLOW`
    /// @param largeFile `O_LARGEFILE`, which the headers of the C library define as 0
    /// @param epollData the offset of the data in an `epoll_event`, in bytes
    /// @param epollEvent the size of an `epoll_event`, in bytes
    Abi(
            String architecture,
            int directory,
            int noFollow,
            int largeFile,
            int epollData,
            int epollEvent) {
        this.architecture = architecture;
        this.directory = directory;
        this.noFollow = noFollow;
        this.largeFile = largeFile;
        this.epollData = epollData;
        this.epollEvent = epollEvent;
    }

    /// The ABI of this host; empty on another operating system or processor.
    public static Optional<Abi> detect() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch", "");
        return os.equals("linux")
                ? Arrays.stream(values())
                        .filter(a -> a.architecture.equals(architecture))
                        .findFirst()
                : Optional.empty();
    }
}
