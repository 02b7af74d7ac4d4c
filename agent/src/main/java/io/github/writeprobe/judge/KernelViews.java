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
final class KernelViews {
    /// A write to one of these does nothing: a namespace's file, a directory that mounts by itself.
    private static final Set<String> NOTHING_TO_WRITE = Set.of("nsfs", "autofs");

    private final Container container;
    private final MountTable table;
    private final boolean kernelsTable;
    private final Map<String, List<Observation>> byPath;

    /// @param kernelsTable whether the kernel was asked for the table, and not the container
    /// @param byPath what was observed, by the path that was asked about
    KernelViews(
            Container container,
            MountTable table,
            boolean kernelsTable,
            Map<String, List<Observation>> byPath) {
        this.container = container;
        this.table = table;
        this.kernelsTable = kernelsTable;
        this.byPath = byPath;
    }

    /// Whether it belongs there.
    boolean contain(MountEntry entry) {
        if (entry.kernelFilesystem()) {
            return entry.readOnly()
                    || NOTHING_TO_WRITE.contains(entry.filesystem())
                    || enginesOwn(entry);
        }
        String at = entry.mountPoint();
        boolean inside = MountTable.isAtOrBelow(at, "/proc") || MountTable.isAtOrBelow(at, "/sys");
        return inside && (entry.readOnly() || table.cgroupHolder(entry) || mask(entry));
    }

    /// Whether it is where engines mount such a filesystem writable.
    private boolean enginesOwn(MountEntry entry) {
        String at = entry.mountPoint();
        return switch (entry.filesystem()) {
            case "proc" -> at.equals("/proc") && entry.root().equals("/");
            case "devpts" -> MountTable.isAtOrBelow(at, "/dev");
            case "mqueue" -> at.equals("/dev/mqueue");
            case "sysfs" -> at.equals("/sys") && container.privileged();
            case "cgroup", "cgroup2" ->
                    MountTable.isAtOrBelow(at, "/sys/fs/cgroup")
                            && (container.privileged()
                                    || Cgroups.own(entry, container)
                                    || (!kernelsTable && Cgroups.maybeOwn(entry)));
            default -> false;
        };
    }

    /// A device is no place to write to. What only looks like one gets a verdict.
    private boolean mask(MountEntry entry) {
        return table.nullMask(entry)
                && byPath.getOrDefault(entry.mountPoint(), List.of()).stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS)
                        .allMatch(o ->
                                o.write() instanceof Write.Inconclusive i
                                        && i.cause() == Cause.SPECIAL_FILE);
    }
}
