package io.github.writeprobe.probes.trace;

import java.util.Arrays;
import java.util.Optional;

/// The system calls that the trace reports, by their names in tracefs. See
/// `Documentation/trace/events.rst` of the kernel.
public enum MountSyscall {
    MOUNT("mount", "flags", true),
    /// The kernel calls umount2(2) so.
    UMOUNT("umount", "flags", true),
    MOVE_MOUNT("move_mount", "flags", true),
    MOUNT_SETATTR("mount_setattr", "flags", true),
    PIVOT_ROOT("pivot_root", "", true),
    /// Only with `FSCONFIG_CMD_RECONFIGURE`, which remounts a filesystem.
    FSCONFIG("fsconfig", "cmd", true),
    /// These two make a mount that is in no table yet. They announce the process early.
    OPEN_TREE("open_tree", "flags", false),
    FSMOUNT("fsmount", "flags", false);

    private static final long MS_REMOUNT = 0x20;
    private static final long MS_BIND = 0x1000;

    private final String label;
    private final String argument;
    private final boolean changesTable;

    /// @param argument the one that says what the call does; empty if there is none
    MountSyscall(String label, String argument, boolean changesTable) {
        this.label = label;
        this.argument = argument;
        this.changesTable = changesTable;
    }

    /// The name in tracefs and in reports.
    public String label() {
        return label;
    }

    String argument() {
        return argument;
    }

    /// Whether the call can change a mount table.
    public boolean changesTable() {
        return changesTable;
    }

    /// Whether the call changes a filesystem itself, and so every mount of it, also those in other
    /// mount namespaces.
    boolean changesFilesystem(long flags) {
        return this == FSCONFIG
                || (this == MOUNT && (flags & MS_REMOUNT) != 0 && (flags & MS_BIND) == 0);
    }

    /// Whether mounts in other namespaces may follow it: mount_namespaces(7), shared subtrees. The
    /// options of a mount are its own.
    boolean propagates(long flags) {
        return switch (this) {
            case MOUNT -> (flags & MS_REMOUNT) == 0;
            case UMOUNT, MOVE_MOUNT -> true;
            case MOUNT_SETATTR, PIVOT_ROOT, FSCONFIG, OPEN_TREE, FSMOUNT -> false;
        };
    }

    static Optional<MountSyscall> of(String label) {
        return Arrays.stream(values()).filter(c -> c.label.equals(label)).findFirst();
    }
}
