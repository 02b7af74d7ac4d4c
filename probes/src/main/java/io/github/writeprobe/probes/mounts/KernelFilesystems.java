package io.github.writeprobe.probes.mounts;

import java.util.Set;

/// Filesystems that are interfaces of the kernel and store no files. They are not probed. The exec
/// script has the same list.
final class KernelFilesystems {
    static final Set<String> NAMES =
            Set.of(
                    "proc",
                    "sysfs",
                    "cgroup",
                    "cgroup2",
                    "devpts",
                    "mqueue",
                    "securityfs",
                    "debugfs",
                    "tracefs",
                    "fusectl",
                    "configfs",
                    "pstore",
                    "bpf",
                    "binfmt_misc",
                    "efivarfs",
                    "nsfs",
                    "autofs");

    private KernelFilesystems() {}
}
