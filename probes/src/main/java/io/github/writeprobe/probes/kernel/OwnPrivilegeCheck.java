package io.github.writeprobe.probes.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Checks whether this process may inspect other processes: to probe them as the procfs witness
/// does, to read their files, or to watch what they write.
public final class OwnPrivilegeCheck {
    /// See `include/uapi/linux/capability.h`.
    private enum Capability {
        CAP_DAC_OVERRIDE(1),
        CAP_SETGID(6),
        CAP_SETUID(7),
        CAP_SYS_PTRACE(19),
        CAP_SYS_ADMIN(21);

        private final int number;

        Capability(int number) {
            this.number = number;
        }

        private boolean isIn(long set) {
            return (set & (1L << number)) != 0;
        }
    }

    private static final List<Capability> TO_PROBE =
            List.of(
                    Capability.CAP_SYS_PTRACE,
                    Capability.CAP_DAC_OVERRIDE,
                    Capability.CAP_SETUID,
                    Capability.CAP_SETGID);
    private static final List<Capability> TO_READ_FILES =
            List.of(Capability.CAP_SYS_PTRACE, Capability.CAP_DAC_OVERRIDE);
    private static final List<Capability> TO_WATCH =
            List.of(
                    Capability.CAP_SYS_PTRACE,
                    Capability.CAP_DAC_OVERRIDE,
                    Capability.CAP_SYS_ADMIN);
    private static final int ENOSYS = -38;

    private OwnPrivilegeCheck() {}

    /// The privileges to probe with the credentials of other processes.
    ///
    /// @return what is missing, and what to do; empty if nothing is missing
    public static Optional<String> missingToProbe(LinuxSyscalls kernel, ProcessStatus self) {
        return missing(kernel, self, TO_PROBE);
    }

    /// The privileges to read other processes' files and what they have open.
    public static Optional<String> missingToReadFiles(LinuxSyscalls kernel, ProcessStatus self) {
        return missing(kernel, self, TO_READ_FILES);
    }

    /// The privileges to also watch what they write.
    public static Optional<String> missingToWatch(LinuxSyscalls kernel, ProcessStatus self) {
        return missing(kernel, self, TO_WATCH);
    }

    private static Optional<String> missing(
            LinuxSyscalls kernel, ProcessStatus self, List<Capability> needed) {
        long root =
                kernel.openIn(
                        LinuxSyscalls.AT_FDCWD,
                        "/",
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0,
                        0);
        kernel.close(root);
        if (root == ENOSYS) {
            return Optional.of("it needs Linux 5.8 or later");
        }
        List<Capability> missing = needed.stream().filter(c -> !c.isIn(self.effective())).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "it needs root, or "
                                + names(needed)
                                + (missing.equals(needed) ? "" : "; missing: " + names(missing)));
    }

    private static String names(List<Capability> capabilities) {
        return capabilities.stream().map(Capability::name).collect(Collectors.joining(", "));
    }
}
