package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The kernel's own filesystems among a container's mounts, and the masks that an engine lays over
/// parts of them: which of them belong there and are nothing to look into.
///
/// Nothing is created in such a filesystem, so the mount table's word has to do. One that it calls
/// writable belongs only where engines put it.
final class KernelMounts {
    /// A write to one of these does nothing: a namespace's file, a directory that mounts by itself.
    private static final Set<String> FILESYSTEMS_WITHOUT_FILES = Set.of("nsfs", "autofs");

    private final Container container;
    private final MountTable table;
    private final boolean isKernelTable;
    private final Map<String, List<Observation>> byPath;

    /// @param isKernelTable whether the kernel was asked for the table, and not the container
    /// @param byPath what was observed, by the path that was asked about
    KernelMounts(
            Container container,
            MountTable table,
            boolean isKernelTable,
            Map<String, List<Observation>> byPath) {
        this.container = container;
        this.table = table;
        this.isKernelTable = isKernelTable;
        this.byPath = byPath;
    }

    /// Whether it belongs there.
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

    /// Whether it is where engines mount such a filesystem writable.
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
                                    || Cgroups.isOwn(entry, container)
                                    || (!isKernelTable && Cgroups.mayBeOwn(entry)));
            default -> false;
        };
    }

    /// A device is no place to write to. What only looks like one gets a verdict.
    private boolean isMask(MountEntry entry) {
        return table.isNullMask(entry)
                && byPath.getOrDefault(entry.mountPoint(), List.of()).stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS)
                        .allMatch(o ->
                                o.write() instanceof Write.Inconclusive i
                                        && i.cause() == Cause.SPECIAL_FILE);
    }
}
