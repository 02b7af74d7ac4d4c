package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The processes of a container.
///
/// They are read from the container's cgroup if cgroups are named after containers and are visible
/// from here. Otherwise all processes are scanned for those that are in the container's mount
/// namespace or cgroup.
final class ContainerProcessFinder {
    private static final int MAX_PROCESSES = 4096;
    private static final int MAX_CGROUPS = 1024;
    private static final int MAX_LIST_BYTES = 1 << 20;
    private static final int MAX_MOUNTINFO_BYTES = 8 << 20;

    private final ContainerFilesystem filesystem;
    private final ProcessMembership owners;
    private final Optional<String> cgroup;

    ContainerProcessFinder(
            ContainerFilesystem filesystem, ProcessMembership owners, String container, long pid) {
        this.filesystem = filesystem;
        this.owners = owners;
        this.cgroup =
                cgroupPaths(filesystem.target().cgroups(), container, selfMountTable()).stream()
                        .filter(g -> cgroupProcesses(g).contains((int) pid))
                        .findFirst();
    }

    private MountTable selfMountTable() {
        return filesystem
                .kernel()
                .readText(LinuxSyscalls.AT_FDCWD, "/proc/self/mountinfo", MAX_MOUNTINFO_BYTES)
                .map(MountTable::parse)
                .orElse(MountTable.EMPTY);
    }

    /// The directories that may be a container's cgroups.
    ///
    /// @param cgroups the text of `/proc/PID/cgroup`
    /// @param mounts the mount table of this process
    static List<String> cgroupPaths(String cgroups, String container, MountTable mounts) {
        List<String> found = new ArrayList<>();
        for (String line : cgroups.split("\n", -1)) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3 || !fields[2].contains(container)) {
                continue;
            }
            for (MountEntry mount : mounts.reachable()) {
                boolean hierarchy =
                        fields[1].isEmpty()
                                ? mount.filesystem().equals("cgroup2")
                                : mount.filesystem().equals("cgroup")
                                        && mount.superOptions()
                                                .contains(fields[1].split(",", -1)[0]);
                if (hierarchy && MountTable.isAtOrBelow(fields[2], mount.root())) {
                    String suffix =
                            mount.root().equals("/")
                                    ? fields[2]
                                    : fields[2].substring(mount.root().length());
                    found.add(mount.mountPoint() + suffix);
                }
            }
        }
        return found;
    }

    /// Their PIDs. Some may have ended by now.
    Set<Integer> list() {
        return cgroup.map(this::cgroupProcesses).orElseGet(this::scanAllProcesses);
    }

    /// Includes nested cgroups, which a container can create in its own cgroup.
    private Set<Integer> cgroupProcesses(String top) {
        Set<Integer> pids = new LinkedHashSet<>();
        List<String> pending = new ArrayList<>(List.of(top));
        for (int i = 0; i < pending.size() && i < MAX_CGROUPS && pids.size() < MAX_PROCESSES; i++) {
            String cgroup = pending.get(i);
            String list =
                    filesystem
                            .kernel()
                            .readText(
                                    LinuxSyscalls.AT_FDCWD,
                                    cgroup + "/cgroup.procs",
                                    MAX_LIST_BYTES)
                            .orElse("");
            for (String pid : list.split("\n", -1)) {
                parsePid(pid).ifPresent(pids::add);
            }
            long directory =
                    filesystem
                            .kernel()
                            .open(
                                    LinuxSyscalls.AT_FDCWD,
                                    cgroup,
                                    LinuxSyscalls.O_RDONLY
                                            | LinuxSyscalls.O_CLOEXEC
                                            | filesystem.kernel().abi().directory,
                                    0);
            if (directory >= 0) {
                for (String name : filesystem.fileCalls().listNames((int) directory, MAX_CGROUPS)) {
                    if (filesystem
                            .fileCalls()
                            .entryStatus((int) directory, name)
                            .filter(FileStatus::isDirectory)
                            .isPresent()) {
                        pending.add(cgroup + "/" + name);
                    }
                }
                filesystem.kernel().close(directory);
            }
        }
        return pids;
    }

    private Set<Integer> scanAllProcesses() {
        Set<Integer> pids = new LinkedHashSet<>();
        LinuxSyscalls kernel = filesystem.kernel();
        long proc =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        "/proc",
                        LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (proc < 0) {
            return pids;
        }
        for (String name : filesystem.fileCalls().listNames((int) proc, 1 << 16)) {
            Optional<Integer> pid = parsePid(name);
            if (pid.isPresent() && pids.size() < MAX_PROCESSES && isMember((int) proc, name)) {
                pids.add(pid.get());
            }
        }
        kernel.close(proc);
        return pids;
    }

    private boolean isMember(int proc, String pid) {
        long directory =
                filesystem
                        .kernel()
                        .open(proc, pid, LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0);
        if (directory < 0) {
            return false;
        }
        try {
            return owners.isMember((int) directory);
        } finally {
            filesystem.kernel().close(directory);
        }
    }

    private static Optional<Integer> parsePid(String text) {
        boolean digits =
                !text.isEmpty()
                        && text.length() < 10
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
