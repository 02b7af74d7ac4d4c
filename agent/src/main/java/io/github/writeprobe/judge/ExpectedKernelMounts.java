package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which mounts of the kernel's own filesystems, and which masks that an engine mounts over parts
/// of them, are expected in a container. Expected ones are neither probed nor reported.
///
/// No probe creates a file in such a filesystem, so only the mount table counts. A writable one is
/// expected only where engines mount it.
final class ExpectedKernelMounts {
    /// No file can be written in these: files that stand for namespaces, and automounted
    /// directories.
    private static final Set<String> FILESYSTEMS_WITHOUT_FILES = Set.of("nsfs", "autofs");

    private final Container container;
    private final MountTable table;
    private final boolean isKernelTable;
    private final Map<String, List<PathObservation>> byPath;

    /// @param isKernelTable whether the table was read from the kernel on the host; otherwise the
    ///   container printed it
    /// @param byPath the observations by the path that was probed
    ExpectedKernelMounts(
            Container container,
            MountTable table,
            boolean isKernelTable,
            Map<String, List<PathObservation>> byPath) {
        this.container = container;
        this.table = table;
        this.isKernelTable = isKernelTable;
        this.byPath = byPath;
    }

    /// Whether a mount is expected in a container.
    boolean isExpected(MountEntry entry) {
        if (entry.isKernelFilesystem()) {
            return entry.isReadOnly()
                    || FILESYSTEMS_WITHOUT_FILES.contains(entry.filesystem())
                    || isEngineMade(entry);
        }
        String at = entry.mountPoint();
        boolean isBelowProcOrSys =
                MountTable.isAtOrBelow(at, "/proc") || MountTable.isAtOrBelow(at, "/sys");
        return isBelowProcOrSys
                && (entry.isReadOnly() || table.isCgroupV1Tmpfs(entry) || isMask(entry));
    }

    /// Whether engines mount such a filesystem writable at that mount point.
    private boolean isEngineMade(MountEntry entry) {
        String at = entry.mountPoint();
        return switch (entry.filesystem()) {
            case "proc" -> at.equals("/proc") && entry.root().equals("/");
            case "devpts" -> MountTable.isAtOrBelow(at, "/dev");
            case "mqueue" -> at.equals("/dev/mqueue");
            case "sysfs" -> at.equals("/sys") && container.privileged();
            case "cgroup", "cgroup2" ->
                    MountTable.isAtOrBelow(at, "/sys/fs/cgroup")
                            && (container.privileged()
                                    || OwnCgroupMountCheck.isOwn(entry, container)
                                    || (!isKernelTable && OwnCgroupMountCheck.mayBeOwn(entry)));
            default -> false;
        };
    }

    /// Whether it is a mask: the device `/dev/null`, mounted over a file. A mount that only looks
    /// like a mask in the table, and where `procfs` did not find a device, is judged like any
    /// other.
    private boolean isMask(MountEntry entry) {
        return table.isNullMask(entry)
                && byPath.getOrDefault(entry.mountPoint(), List.of()).stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS)
                        .allMatch(o ->
                                o.write() instanceof WriteResult.Inconclusive i
                                        && i.cause() == InconclusiveCause.SPECIAL_FILE);
    }
}
