package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The root directory of the host, as far as it can be seen from here: as root on it, or in a
/// container with the host's PID namespace.
///
/// @param descriptor of the directory
record HostRoot(LinuxSyscalls kernel, int descriptor) {
    private static final List<String> PATHS = List.of("/proc/1/root", "/");

    /// Looks below each directory that may be the host's root, until something is found.
    static <T> Optional<T> find(LinuxSyscalls kernel, Function<HostRoot, Optional<T>> lookup) {
        for (String path : PATHS) {
            long root =
                    kernel.openIn(
                            LinuxSyscalls.AT_FDCWD,
                            path,
                            LinuxSyscalls.O_RDONLY
                                    | LinuxSyscalls.O_CLOEXEC
                                    | kernel.abi().directory,
                            0,
                            0);
            if (root < 0) {
                continue;
            }
            try {
                Optional<T> found = lookup.apply(new HostRoot(kernel, (int) root));
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                kernel.close(root);
            }
        }
        return Optional.empty();
    }

    /// Opens a directory below this root. Links in the path lead to directories below it, too.
    ///
    /// @return a descriptor; negative if there is no such directory
    long openDirectory(String path) {
        return kernel.openIn(
                descriptor,
                path,
                LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                0,
                LinuxSyscalls.RESOLVE_IN_ROOT | LinuxSyscalls.RESOLVE_NO_MAGICLINKS);
    }
}
