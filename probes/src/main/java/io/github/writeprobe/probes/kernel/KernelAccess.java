package io.github.writeprobe.probes.kernel;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Whether this process can talk to the kernel about others at all, and as whom.
public sealed interface KernelAccess {
    /// It can, as far as its capabilities go.
    record Within(Abi abi, Kernel kernel, ProcessStatus own) implements KernelAccess {
        public Within {
            requireNonNull(abi);
            requireNonNull(kernel);
            requireNonNull(own);
        }
    }

    /// @param why for people
    record Without(String why) implements KernelAccess {
        public Without {
            requireNonNull(why);
        }
    }

    /// Finds out.
    static KernelAccess here() {
        Optional<Abi> abi = Abi.here();
        if (abi.isEmpty()) {
            return new Without("it needs Linux on x86-64 or ARM64");
        }
        Kernel kernel;
        try {
            kernel = new Kernel(abi.get());
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            return new Without("this JVM may not call native code: --enable-native-access");
        }
        return kernel.text(Kernel.AT_FDCWD, "/proc/self/status", 1 << 16)
                .flatMap(ProcessStatus::parse)
                .<KernelAccess>map(own -> new Within(abi.get(), kernel, own))
                .orElseGet(() -> new Without("procfs is not mounted at /proc"));
    }
}
