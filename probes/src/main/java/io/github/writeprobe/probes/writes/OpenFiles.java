package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the processes of a container have open for writing now: files, shared mappings of files,
/// and sockets with a path. Also the files that they have mapped as executable.
final class OpenFiles {
    private static final int MAX_DESCRIPTORS = 1 << 16;
    private static final int MAX_MAPS_BYTES = 8 << 20;
    private static final int MAX_SOCKET_TABLE_BYTES = 16 << 20;
    private static final int OWNER_WRITE = 0200;
    private static final String SOCKET_PREFIX = "socket:[";

    private final ContainerFilesystem filesystem;
    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls calls;
    private final ProcessMembership owners;
    private final ContainerProcessFinder members;
    private final WrittenFiles writeLog;
    private Set<Long> mountIds = Set.of();

    OpenFiles(ContainerFilesystem filesystem, String container, long pid, WrittenFiles writeLog) {
        this.filesystem = filesystem;
        this.kernel = filesystem.kernel();
        this.calls = filesystem.fileCalls();
        this.owners = new ProcessMembership(filesystem, container);
        this.members = new ContainerProcessFinder(filesystem, owners, container, pid);
        this.writeLog = writeLog;
    }

    /// Scans all of them once.
    ///
    /// @param full whether to include mappings and sockets, which takes longer
    /// @return false if the container's first process has ended
    boolean scan(boolean full) {
        Optional<MountTable> table = filesystem.mounts();
        if (table.isEmpty()) {
            return false;
        }
        mountIds =
                table.get().entries().stream()
                        .filter(e -> !e.isKernelFilesystem())
                        .map(MountEntry::id)
                        .map(Integer::longValue)
                        .collect(Collectors.toSet());
        Map<Long, Owner> sockets = new HashMap<>();
        for (int pid : members.list()) {
            scanProcess(pid, full, sockets);
        }
        if (!sockets.isEmpty()) {
            recordSockets(sockets);
        }
        return true;
    }

    /// @param workingDirectory in the container; empty if it is unknown
    private record Owner(String name, Optional<String> workingDirectory) {}

    private void scanProcess(int pid, boolean full, Map<Long, Owner> sockets) {
        ProcessMembership.CachedProcess cachedProcess = owners.lookUp(pid);
        if (!cachedProcess.member()) {
            return;
        }
        long process = kernel.openProcess("/proc", pid);
        if (process < 0) {
            return;
        }
        try {
            String name = cachedProcess.name();
            Set<Long> socketInodes = scanDescriptors((int) process, name, full);
            if (full) {
                scanMappings((int) process, name);
                if (!socketInodes.isEmpty()) {
                    Owner owner =
                            new Owner(
                                    name,
                                    calls.readLink((int) process, "cwd")
                                            .flatMap(filesystem::containerPath));
                    socketInodes.forEach(s -> sockets.putIfAbsent(s, owner));
                }
            }
        } finally {
            kernel.close(process);
        }
    }

    /// @return the inodes of the sockets among the descriptors
    private Set<Long> scanDescriptors(int process, String name, boolean full) {
        Set<Long> sockets = new HashSet<>();
        long fds =
                kernel.open(
                        process,
                        "fd",
                        LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (fds < 0) {
            return sockets;
        }
        try {
            for (String fd : calls.listNames((int) fds, MAX_DESCRIPTORS)) {
                String target = calls.readLink((int) fds, fd).orElse("");
                if (target.startsWith("/") && !MemoryMapping.isAnonymous(target)) {
                    recordDescriptor((int) fds, fd, target, name);
                } else if (full && target.startsWith(SOCKET_PREFIX) && target.endsWith("]")) {
                    sockets.add(
                            Long.parseLong(
                                    target.substring(SOCKET_PREFIX.length(), target.length() - 1)));
                }
            }
        } finally {
            kernel.close(fds);
        }
        return sockets;
    }

    private void recordDescriptor(int fds, String fd, String target, String name) {
        // The permissions of the link itself show how the file was opened.
        boolean writable =
                calls.entryStatus(fds, fd).filter(l -> (l.mode() & OWNER_WRITE) != 0).isPresent();
        if (!writable) {
            return;
        }
        calls.statusFollowingLink(fds, fd)
                .filter(FileStatus::isRegularFile)
                .filter(s -> s.mountId() == 0 || mountIds.contains(s.mountId()))
                .ifPresent(s ->
                        filesystem
                                .containerPath(target, s)
                                .ifPresent(path ->
                                        writeLog.recordOpen(
                                                path,
                                                FileType.REGULAR,
                                                s.linkCount() == 0,
                                                s.bytes(),
                                                s.modifiedNanos(),
                                                name)));
    }

    private void scanMappings(int process, String name) {
        Set<MemoryMapping> seen = new HashSet<>();
        for (String line :
                kernel.readText(process, "maps", MAX_MAPS_BYTES).orElse("").split("\n", -1)) {
            MemoryMapping.parse(line)
                    .filter(m -> !m.isAnonymous())
                    .filter(seen::add)
                    .ifPresent(m -> recordMapping(m, name));
        }
    }

    private void recordMapping(MemoryMapping mapping, String name) {
        Optional<String> containerPath = filesystem.containerPath(mapping.name());
        if (containerPath.isEmpty()) {
            return;
        }
        Optional<FileStatus> status = status(containerPath.get());
        boolean deleted = status.isEmpty() && mapping.isDeleted();
        String path =
                deleted
                        ? containerPath
                                .get()
                                .substring(
                                        0,
                                        containerPath.get().length()
                                                - ContainerFilesystem.DELETED_SUFFIX.length())
                        : containerPath.get();
        if (status.isEmpty() && (!deleted || !filesystem.exists(WrittenFiles.parent(path)))) {
            return;
        }
        if (mapping.executable()) {
            writeLog.recordExecution(path, deleted);
        }
        if (mapping.shared()
                && status.map(s -> s.isRegularFile() && mountIds.contains(s.mountId()))
                        .orElse(deleted)) {
            writeLog.recordOpen(
                    path,
                    FileType.REGULAR,
                    deleted,
                    status.map(FileStatus::bytes).orElse(0L),
                    status.map(FileStatus::modifiedNanos).orElse(0L),
                    name);
        }
    }

    private Optional<FileStatus> status(String path) {
        long fd = filesystem.open(path, LinuxSyscalls.O_PATH | kernel.abi().noFollow, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return calls.status((int) fd);
        } finally {
            kernel.close(fd);
        }
    }

    private void recordSockets(Map<Long, Owner> sockets) {
        String table =
                kernel.readText(filesystem.target().directory(), "net/unix", MAX_SOCKET_TABLE_BYTES)
                        .orElse("");
        for (String line : table.split("\n", -1)) {
            ProcNetUnixEntry.parse(line)
                    .ifPresent(socket -> {
                        Owner owner = sockets.get(socket.inode());
                        if (owner != null) {
                            recordSocket(socket.name(), owner);
                        }
                    });
        }
    }

    private void recordSocket(String name, Owner owner) {
        String path =
                name.startsWith("/")
                        ? name
                        : owner.workingDirectory().map(d -> d + "/" + name).orElse("");
        if (path.isEmpty()) {
            return;
        }
        directoryPath(WrittenFiles.parent(path))
                .ifPresent(directory -> {
                    String top = directory.equals("/") ? "" : directory;
                    String socketPath = top + path.substring(path.lastIndexOf('/'));
                    boolean found = status(socketPath).filter(FileStatus::isSocket).isPresent();
                    // Some programs rename a socket after binding it.
                    writeLog.recordOpen(socketPath, FileType.SOCKET, !found, 0, 0, owner.name());
                });
    }

    /// The path in the container of a directory, with symbolic links resolved.
    private Optional<String> directoryPath(String path) {
        long fd = filesystem.open(path, LinuxSyscalls.O_PATH | kernel.abi().directory, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return kernel.pathOf((int) fd).flatMap(filesystem::containerPath);
        } finally {
            kernel.close(fd);
        }
    }
}
