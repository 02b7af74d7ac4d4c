package io.github.writeprobe.probes.kernel;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Whether this process can make the system calls that inspect other processes, and its own status.
public sealed interface SyscallAvailability {
    /// System calls can be made. Whether they are permitted depends on the capabilities.
    record Available(Abi abi, LinuxSyscalls kernel, ProcessStatus self)
            implements SyscallAvailability {
        public Available {
            requireNonNull(abi);
            requireNonNull(kernel);
            requireNonNull(self);
        }
    }

    /// @param reason for people
    record Unavailable(String reason) implements SyscallAvailability {
        public Unavailable {
            requireNonNull(reason);
        }
    }

    /// Checks whether this process can make system calls.
    static SyscallAvailability detect() {
        Optional<Abi> abi = Abi.detect();
        if (abi.isEmpty()) {
            return new Unavailable("it needs Linux on x86-64 or ARM64");
        }
        LinuxSyscalls kernel;
        try {
            kernel = new LinuxSyscalls(abi.get());
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            return new Unavailable(
                    "this JVM is not allowed to call native code: it needs --enable-native-access");
        }
        return kernel.readText(LinuxSyscalls.AT_FDCWD, "/proc/self/status", 1 << 16)
                .flatMap(ProcessStatus::parse)
                .<SyscallAvailability>map(self -> new Available(abi.get(), kernel, self))
                .orElseGet(() ->
                        new Unavailable(
                                "procfs is not mounted at /proc: run mount -t proc proc /proc"));
    }
}
