package io.github.writeprobe.judge;

import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The mounts that a runtime other than runc and crun makes by itself, without the engine's
/// declaration. Like those of [EngineDefaultMounts], they are identified by filesystem type and
/// mount point.
final class AlternativeRuntimeMounts {
    /// How a directory of the host gets into gVisor's and Kata's sandboxes.
    private static final Set<String> SANDBOX_FILESYSTEMS = Set.of("9p", "virtiofs");

    private AlternativeRuntimeMounts() {}

    static boolean contains(MountEntry entry, DeclaredIsolation isolation) {
        return (!isolation.sandboxRuntime().isEmpty() && isOfSandbox(entry))
                || (isSysbox(isolation) && isOfSysbox(entry));
    }

    /// gVisor mounts a tmpfs on `/tmp` by itself if `/tmp` is empty in the image. A `/dev/shm` that
    /// the engine mounted on the host comes into a sandbox through its file server.
    ///
    /// @see <a href="https://gvisor.dev/docs/user_guide/filesystem/">gVisor: root filesystem</a>
    private static boolean isOfSandbox(MountEntry entry) {
        return switch (entry.mountPoint()) {
            case "/tmp" -> entry.filesystem().equals("tmpfs");
            case "/dev/shm" -> SANDBOX_FILESYSTEMS.contains(entry.filesystem());
            default -> false;
        };
    }

    private static boolean isSysbox(DeclaredIsolation isolation) {
        return isolation.runtime().toLowerCase(Locale.ROOT).contains("sysbox");
    }

    /// Sysbox emulates parts of `/proc` and `/sys` with a FUSE server on the host, and hides the
    /// kernel's log behind `/dev/null`.
    ///
    /// @see <a href="https://github.com/nestybox/sysbox/blob/master/docs/user-guide/design.md">its
    ///   design</a>
    private static boolean isOfSysbox(MountEntry entry) {
        boolean isEmulated =
                entry.filesystem().equals("fuse")
                        && entry.source().equals("sysboxfs")
                        && Stream.of("/proc", "/sys")
                                .anyMatch(kernel ->
                                        MountTable.isAtOrBelow(entry.mountPoint(), kernel));
        boolean isNull =
                entry.filesystem().equals("devtmpfs")
                        && entry.root().equals("/null")
                        && entry.mountPoint().equals("/dev/kmsg");
        return isEmulated || isNull;
    }
}
