package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the processes of a container have open for writing, right now: files, shared mappings of
/// them, and sockets with a name. And what they have mapped to be run.
final class OpenFiles {
    private static final int MOST_DESCRIPTORS = 1 << 16;
    private static final int MAPS = 8 << 20;
    private static final int SOCKETS = 16 << 20;
    private static final int WRITABLE = 0200;
    private static final String SOCKET = "socket:[";

    private final ContainerFilesystem place;
    private final Kernel kernel;
    private final FileCalls calls;
    private final ProcessOwners who;
    private final ContainerMembers members;
    private final WriteLog ledger;
    private Set<Long> mounts = Set.of();

    OpenFiles(ContainerFilesystem place, String container, long pid, WriteLog ledger) {
        this.place = place;
        this.kernel = place.kernel();
        this.calls = place.calls();
        this.who = new ProcessOwners(place, container);
        this.members = new ContainerMembers(place, who, container, pid);
        this.ledger = ledger;
    }

    /// Looks at all of them once.
    ///
    /// @param thoroughly whether at mappings and sockets too, which takes longer
    /// @return false if the container's first process has ended
    boolean look(boolean thoroughly) {
        Optional<MountTable> table = place.mounts();
        if (table.isEmpty()) {
            return false;
        }
        mounts =
                table.get().entries().stream()
                        .filter(e -> !e.kernelFilesystem())
                        .map(MountEntry::id)
                        .map(Integer::longValue)
                        .collect(Collectors.toSet());
        Map<Long, Owner> sockets = new HashMap<>();
        for (int pid : members.now()) {
            look(pid, thoroughly, sockets);
        }
        if (!sockets.isEmpty()) {
            named(sockets);
        }
        return true;
    }

    /// @param workingDirectory in the container; empty if it is not known
    private record Owner(String name, Optional<String> workingDirectory) {}

    private void look(int pid, boolean thoroughly, Map<Long, Owner> sockets) {
        ProcessOwners.Known known = who.of(pid);
        if (!known.member()) {
            return;
        }
        long process =
                kernel.open(
                        Kernel.AT_FDCWD,
                        "/proc/" + pid,
                        Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (process < 0) {
            return;
        }
        try {
            String name = known.name();
            Set<Long> its = descriptors((int) process, name, thoroughly);
            if (thoroughly) {
                mappings((int) process, name);
                if (!its.isEmpty()) {
                    Owner owner =
                            new Owner(
                                    name,
                                    calls.target((int) process, "cwd").flatMap(place::inside));
                    its.forEach(s -> sockets.putIfAbsent(s, owner));
                }
            }
        } finally {
            kernel.close(process);
        }
    }

    /// @return the sockets among them
    private Set<Long> descriptors(int process, String name, boolean thoroughly) {
        Set<Long> sockets = new HashSet<>();
        long fds =
                kernel.open(
                        process,
                        "fd",
                        Kernel.O_RDONLY | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (fds < 0) {
            return sockets;
        }
        try {
            for (String fd : calls.names((int) fds, MOST_DESCRIPTORS)) {
                String target = calls.target((int) fds, fd).orElse("");
                if (target.startsWith("/")) {
                    descriptor((int) fds, fd, target, name);
                } else if (thoroughly && target.startsWith(SOCKET) && target.endsWith("]")) {
                    sockets.add(
                            Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)));
                }
            }
        } finally {
            kernel.close(fds);
        }
        return sockets;
    }

    private void descriptor(int fds, String fd, String target, String name) {
        // The link's own permissions say how the file was opened.
        boolean writable = calls.entry(fds, fd).filter(l -> (l.mode() & WRITABLE) != 0).isPresent();
        if (!writable) {
            return;
        }
        calls.followed(fds, fd)
                .filter(FileStatus::regular)
                .filter(s -> s.mount() == 0 || mounts.contains(s.mount()))
                .ifPresent(s ->
                        place.inside(target, s)
                                .ifPresent(path ->
                                        ledger.held(
                                                path,
                                                FileType.REGULAR,
                                                s.links() == 0,
                                                s.bytes(),
                                                s.modified(),
                                                name)));
    }

    private void mappings(int process, String name) {
        Set<MemoryMapping> seen = new HashSet<>();
        for (String line : kernel.text(process, "maps", MAPS).orElse("").split("\n", -1)) {
            MemoryMapping.parse(line)
                    .filter(m -> !m.madeUp())
                    .filter(seen::add)
                    .ifPresent(m -> mapping(m, name));
        }
    }

    private void mapping(MemoryMapping mapping, String name) {
        Optional<String> inside = place.inside(mapping.name());
        if (inside.isEmpty()) {
            return;
        }
        Optional<FileStatus> there = status(inside.get());
        boolean deleted = there.isEmpty() && mapping.deleted();
        String path =
                deleted
                        ? inside.get()
                                .substring(
                                        0,
                                        inside.get().length()
                                                - ContainerFilesystem.DELETED.length())
                        : inside.get();
        if (there.isEmpty() && (!deleted || !place.exists(WriteLog.parent(path)))) {
            return;
        }
        if (mapping.executable()) {
            ledger.executed(path, deleted);
        }
        if (mapping.shared()
                && there.map(s -> s.regular() && mounts.contains(s.mount())).orElse(deleted)) {
            ledger.held(
                    path,
                    FileType.REGULAR,
                    deleted,
                    there.map(FileStatus::bytes).orElse(0L),
                    there.map(FileStatus::modified).orElse(0L),
                    name);
        }
    }

    private Optional<FileStatus> status(String path) {
        long fd = place.open(path, Kernel.O_PATH | kernel.abi().noFollow, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return calls.status((int) fd);
        } finally {
            kernel.close(fd);
        }
    }

    private void named(Map<Long, Owner> sockets) {
        String table = kernel.text(place.target().directory(), "net/unix", SOCKETS).orElse("");
        for (String line : table.split("\n", -1)) {
            UnixSocket.parse(line)
                    .ifPresent(socket -> {
                        Owner owner = sockets.get(socket.inode());
                        if (owner != null) {
                            bound(socket.name(), owner);
                        }
                    });
        }
    }

    private void bound(String name, Owner owner) {
        String path =
                name.startsWith("/")
                        ? name
                        : owner.workingDirectory().map(d -> d + "/" + name).orElse("");
        if (path.isEmpty()) {
            return;
        }
        name(WriteLog.parent(path))
                .ifPresent(directory -> {
                    String top = directory.equals("/") ? "" : directory;
                    String there = top + path.substring(path.lastIndexOf('/'));
                    boolean found = status(there).filter(FileStatus::socket).isPresent();
                    // Some are bound with one name, and get another one afterwards.
                    ledger.held(there, FileType.SOCKET, !found, 0, 0, owner.name());
                });
    }

    /// What the kernel calls a directory that a path leads to.
    private Optional<String> name(String path) {
        long fd = place.open(path, Kernel.O_PATH | kernel.abi().directory, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return kernel.nameOf((int) fd).flatMap(place::inside);
        } finally {
            kernel.close(fd);
        }
    }
}
