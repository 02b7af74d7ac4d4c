package io.github.writeprobe.probes.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.DeviceNode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Identifies devices on the host itself: in a container, root may replace a device node by another
/// one.
///
/// Paths are those of the host's first process, from which the engine took them. Only directories
/// are opened.
public final class HostDeviceNodeReader {
    private static final int MAX_DIRECTORY_ENTRIES = 512;
    private static final int MAX_DEPTH = 6;
    private static final int MAX_TABLE_BYTES = 1 << 16;
    private static final int ROOT_FLAGS = LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE = 0x1;
    private static final int TYPE_MASK = 0170000;
    private static final int BLOCK = 0060000;
    private static final int CHARACTER = 0020000;
    private static final int DIRECTORY = 0040000;

    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls files;
    private final MemorySegment statx;
    private final MemorySegment emptyPath;

    public HostDeviceNodeReader(LinuxSyscalls kernel) {
        this.kernel = kernel;
        this.files = kernel.files();
        this.statx = Arena.ofAuto().allocate(FileStatus.SIZE, 8);
        this.emptyPath = Arena.ofAuto().allocate(1);
    }

    /// @param proc where procfs is mounted
    /// @param paths host paths, as declared
    public DeviceFacts lookUp(String proc, List<String> paths) {
        Map<String, List<DeviceNode>> nodes = new HashMap<>();
        long root = kernel.open(LinuxSyscalls.AT_FDCWD, hostRoot(proc), ROOT_FLAGS, 0);
        if (root >= 0) {
            try {
                for (String path : paths) {
                    List<DeviceNode> found = new ArrayList<>();
                    if (collect((int) root, path, LinuxSyscalls.RESOLVE_IN_ROOT, 0, found)) {
                        nodes.put(path, found);
                    }
                }
            } finally {
                kernel.close(root);
            }
        }
        return new DeviceFacts(
                nodes,
                numberedNames(proc + "/devices", "Character devices:"),
                numberedNames(proc + "/misc", ""));
    }

    /// This process's own root directory if it is in the host's mount namespace, or if the host's
    /// first process cannot be inspected.
    private String hostRoot(String proc) {
        Optional<String> hostNamespace =
                kernel.readLink(LinuxSyscalls.AT_FDCWD, proc + "/1/ns/mnt");
        boolean shared =
                hostNamespace.isEmpty()
                        || hostNamespace.equals(
                                kernel.readLink(LinuxSyscalls.AT_FDCWD, proc + "/self/ns/mnt"));
        return shared ? "/" : proc + "/1/root";
    }

    private record Kind(int type, DeviceNode node) {}

    /// Collects devices as engines do: they follow a link to a device. For a directory, they add
    /// every device in it and below, without following links.
    ///
    /// @return whether everything could be inspected
    private boolean collect(
            int directory, String name, int resolve, int depth, List<DeviceNode> found) {
        long fd =
                kernel.openIn(
                        directory,
                        name,
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0,
                        resolve | LinuxSyscalls.RESOLVE_NO_MAGICLINKS);
        if (fd < 0) {
            return false;
        }
        try {
            Optional<Kind> kind = kind((int) fd);
            if (kind.isEmpty()) {
                return false;
            }
            return switch (kind.get().type()) {
                case BLOCK, CHARACTER -> found.add(kind.get().node());
                case DIRECTORY -> collectFromDirectory((int) fd, depth, found);
                default -> depth > 0;
            };
        } finally {
            kernel.close(fd);
        }
    }

    private boolean collectFromDirectory(int directory, int depth, List<DeviceNode> found) {
        int flags = LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory;
        long fd = depth > MAX_DEPTH ? -1 : kernel.open(directory, ".", flags, 0);
        if (fd < 0) {
            return false;
        }
        try {
            List<String> names = files.listNames((int) fd, MAX_DIRECTORY_ENTRIES);
            boolean complete = names.size() <= MAX_DIRECTORY_ENTRIES;
            for (String name : names) {
                complete &=
                        files.entryStatus((int) fd, name)
                                        .filter(FileStatus::isSymbolicLink)
                                        .isPresent()
                                || collect(
                                        (int) fd,
                                        name,
                                        LinuxSyscalls.RESOLVE_NO_SYMLINKS,
                                        depth + 1,
                                        found);
            }
            return complete && found.size() <= MAX_DIRECTORY_ENTRIES;
        } finally {
            kernel.close(fd);
        }
    }

    /// statx(2): `stx_mode`, `stx_rdev_major` and `stx_rdev_minor`.
    private Optional<Kind> kind(int fd) {
        long result =
                kernel.call(
                        SyscallNumber.STATX,
                        fd,
                        LinuxSyscalls.address(emptyPath),
                        AT_EMPTY_PATH,
                        STATX_TYPE,
                        LinuxSyscalls.address(statx),
                        0);
        if (result < 0) {
            return Optional.empty();
        }
        int type = Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)) & TYPE_MASK;
        return Optional.of(
                new Kind(
                        type,
                        new DeviceNode(
                                type == BLOCK,
                                statx.get(JAVA_INT, 128),
                                statx.get(JAVA_INT, 132))));
    }

    /// Parses lines of a number and a name: those after a heading, up to an empty line.
    private Map<Integer, String> numberedNames(String file, String heading) {
        Map<Integer, String> names = new HashMap<>();
        boolean inSection = heading.isEmpty();
        String text = kernel.readText(LinuxSyscalls.AT_FDCWD, file, MAX_TABLE_BYTES).orElse("");
        for (String line : text.split("\n", -1)) {
            String[] fields = line.strip().split("\\s+", 2);
            if (fields.length == 2 && inSection && fields[0].matches("[0-9]{1,5}")) {
                names.putIfAbsent(Integer.valueOf(fields[0]), fields[1]);
            } else if (!heading.isEmpty()) {
                inSection = line.equals(heading) || (inSection && !line.isEmpty());
            }
        }
        return names;
    }
}
