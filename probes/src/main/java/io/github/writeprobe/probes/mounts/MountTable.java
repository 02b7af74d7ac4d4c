package io.github.writeprobe.probes.mounts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The mounts of a container as the kernel reports them, in the order of `mountinfo`.
///
/// Two tables with the same entries are equal.
public final class MountTable {
    public static final MountTable EMPTY = new MountTable(List.of());

    /// The maximum number of entries that are read. A table with this many entries may be
    /// incomplete.
    public static final int MAX_ENTRIES = 10_000;

    private static final int FIELDS_BEFORE_OPTIONAL = 6;

    private static final Set<String> NULL_DEVICE_MOUNTS = Set.of("/dev", "/dev/null");

    private final List<MountEntry> entries;
    private final MountTree tree;
    private final List<MountEntry> reachable;
    private final Set<String> mountPoints;
    private final boolean deletedRoots;

    public MountTable(List<MountEntry> entries) {
        this.entries = List.copyOf(entries);
        this.tree = new MountTree(this.entries);
        this.reachable =
                this.entries.stream()
                        .filter(e -> tree.covering(e.mountPoint()).filter(e::equals).isPresent())
                        .toList();
        this.mountPoints =
                this.entries.stream().map(MountEntry::mountPoint).collect(Collectors.toSet());
        this.deletedRoots = this.entries.stream().anyMatch(MountEntry::isRootDeleted);
    }

    public List<MountEntry> entries() {
        return entries;
    }

    /// Parses the text of a `mountinfo` file. Malformed lines are skipped: a container can print
    /// anything, and nothing is proved about a mount that is not in the table.
    public static MountTable parse(String mountinfo) {
        List<MountEntry> entries = new ArrayList<>();
        Arrays.stream(mountinfo.split("\n", -1))
                .flatMap(l -> parseLine(l).stream())
                .limit(MAX_ENTRIES)
                .forEach(entries::add);
        return new MountTable(entries);
    }

    /// Whether the text has exactly these entries. False for a text with malformed lines.
    public boolean isOf(String mountinfo) {
        int start = 0;
        for (MountEntry entry : entries) {
            int end = start + entry.line().length();
            if (!mountinfo.startsWith(entry.line(), start)
                    || (end < mountinfo.length() && mountinfo.charAt(end) != '\n')) {
                return false;
            }
            start = end + 1;
        }
        return start >= mountinfo.length();
    }

    private static Optional<MountEntry> parseLine(String line) {
        String[] fields = line.split(" ", -1);
        int separator = -1;
        for (int i = FIELDS_BEFORE_OPTIONAL; i < fields.length; i++) {
            if (fields[i].equals("-")) {
                separator = i;
                break;
            }
        }
        if (separator < 0 || fields.length < separator + 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new MountEntry(
                            Integer.parseInt(fields[0]),
                            Integer.parseInt(fields[1]),
                            SharedFields.text(fields[2]),
                            SharedFields.text(unescape(fields[3])),
                            SharedFields.text(unescape(fields[4])),
                            SharedFields.options(fields[5]),
                            SharedFields.text(unescape(fields[separator + 1])),
                            SharedFields.text(unescape(fields[separator + 2])),
                            SharedFields.options(fields[separator + 3]),
                            line));
        } catch (NumberFormatException notMountinfo) {
            return Optional.empty();
        }
    }

    /// Undoes the kernel's `\ooo` escapes of space, tab, newline, backslash and hash. Everything
    /// else is unchanged.
    static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length() && isOctal(field, i + 1)) {
                out.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isOctal(String s, int from) {
        for (int i = from; i < from + 3; i++) {
            if (s.charAt(i) < '0' || s.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }

    /// The mount that a path is on, found as the kernel finds it: from the root through the mounts
    /// on the way. A mount that is hidden by another one is never returned.
    ///
    /// The path must not contain symbolic links, which may lead to another mount.
    public Optional<MountEntry> mountCovering(String path) {
        return tree.covering(path);
    }

    /// The mount that is visible at exactly this mount point.
    public Optional<MountEntry> mountAt(String mountPoint) {
        return mountCovering(mountPoint).filter(e -> e.mountPoint().equals(mountPoint));
    }

    /// The mounts that can be reached by a path, which are those that no other mount hides, in the
    /// order of the table.
    public List<MountEntry> reachable() {
        return reachable;
    }

    /// Whether anything is mounted at the path, hidden or not.
    public boolean isMountPoint(String path) {
        return mountPoints.contains(path);
    }

    /// Whether mounts in another mount namespace may also appear in this table.
    public boolean followsOthers() {
        return entries.stream().anyMatch(MountEntry::followsOthers);
    }

    /// Whether a file or directory that was mounted exists no more.
    public boolean hasDeletedRoots() {
        return deletedRoots;
    }

    /// Whether it looks like the container's own `/dev/null`, which engines bind-mount over files
    /// to hide them. Only the kernel can tell whether it is that device. The mask stays when root
    /// in the container removes `/dev/null`.
    public boolean isNullMask(MountEntry entry) {
        return entry.rootWhenMounted().equals("/null")
                && (entry.filesystem().equals("devtmpfs")
                        || entries.stream()
                                .filter(e -> NULL_DEVICE_MOUNTS.contains(e.mountPoint()))
                                .anyMatch(e -> e.device().equals(entry.device())));
    }

    /// Whether it is the tmpfs that holds the hierarchies of cgroup v1.
    public boolean isCgroupV1Tmpfs(MountEntry entry) {
        return entry.mountPoint().equals("/sys/fs/cgroup") && entry.filesystem().equals("tmpfs");
    }

    /// Whether `path` is `parent` or is below it, by whole components.
    public static boolean isAtOrBelow(String path, String parent) {
        return (parent.equals("/") && path.startsWith("/"))
                || path.equals(parent)
                || (path.startsWith(parent) && path.charAt(parent.length()) == '/');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MountTable table && entries.equals(table.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return "MountTable" + entries;
    }
}
