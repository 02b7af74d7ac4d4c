package io.github.writeprobe.probes.procfs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What differs between processors in how the kernel is talked to: two flags of open(2), see
/// `arch/*/include/uapi/asm/fcntl.h`, and the layout of epoll_ctl(2)'s event. The numbers of the
/// calls are in [Call].
enum Abi {
    X86_64("amd64", 0200000, 4, 12),
    AARCH64("aarch64", 040000, 8, 16);

    private final String architecture;
    final int directory;
    final int epollData;
    final int epollEvent;

    /// @param directory `O_DIRECTORY`
    /// @param epollData where in an `epoll_event` its data are, in bytes
    /// @param epollEvent how many bytes it has
    Abi(String architecture, int directory, int epollData, int epollEvent) {
        this.architecture = architecture;
        this.directory = directory;
        this.epollData = epollData;
        this.epollEvent = epollEvent;
    }

    /// Of this machine; empty if it runs another system, or on another processor.
    static Optional<Abi> here() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch", "");
        return os.equals("linux")
                ? Arrays.stream(values())
                        .filter(a -> a.architecture.equals(architecture))
                        .findFirst()
                : Optional.empty();
    }
}
