package io.github.writeprobe.probes.kernel;

/// The system calls that are used, with their numbers. See syscalls(2). Calls added since 2019 have
/// the same number on all architectures.
enum SyscallNumber {
    OPENAT(257, 56),
    OPENAT2(437, 437),
    CLOSE(3, 57),
    READ(0, 63),
    PREAD64(17, 67),
    WRITE(1, 64),
    STATX(332, 291),
    READLINKAT(267, 78),
    GETDENTS64(217, 61),
    UNLINKAT(263, 35),
    REMOVEXATTR(197, 14),
    FACCESSAT2(439, 439),
    PIDFD_OPEN(434, 434),
    IOCTL(16, 29),
    SETNS(308, 268),
    UNSHARE(272, 97),
    SETGROUPS(116, 159),
    SETFSUID(122, 151),
    SETFSGID(123, 152),
    CAPSET(126, 91),
    CLOCK_GETTIME(228, 113),
    SCHED_SETSCHEDULER(144, 119),
    SETPRIORITY(141, 140),
    EPOLL_CREATE1(291, 20),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    FANOTIFY_INIT(300, 262),
    FANOTIFY_MARK(301, 263);

    private final int x86;
    private final int aarch64;

    SyscallNumber(int x86, int aarch64) {
        this.x86 = x86;
        this.aarch64 = aarch64;
    }

    int number(Abi abi) {
        return switch (abi) {
            case X86_64 -> x86;
            case AARCH64 -> aarch64;
        };
    }
}
