package io.github.writeprobe.probes.writes;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The processes of a container.
///
/// Its cgroup lists them, where cgroups are named after containers and can be seen from here. Else
/// all processes are asked, and those that share its mounts or its cgroup are meant.
final class ContainerMembers {
    private static final int MOST = 4096;
    private static final int MOST_GROUPS = 1024;
    private static final int LIST = 1 << 20;
    private static final int TABLE = 8 << 20;

    private final ContainerFilesystem place;
    private final ProcessOwners who;
    private final Optional<String> group;

    ContainerMembers(ContainerFilesystem place, ProcessOwners who, String container, long pid) {
        this.place = place;
        this.who = who;
        this.group =
                groups(place.target().cgroups(), container, ownMounts()).stream()
                        .filter(g -> listed(g).contains((int) pid))
                        .findFirst();
    }

    private MountTable ownMounts() {
        return place.kernel()
                .text(Kernel.AT_FDCWD, "/proc/self/mountinfo", TABLE)
                .map(MountTable::parse)
                .orElse(MountTable.EMPTY);
    }

    /// Where a container's cgroups may be found.
    ///
    /// @param cgroups as `/proc/PID/cgroup` has them
    /// @param mounts of this process
    static List<String> groups(String cgroups, String container, MountTable mounts) {
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
                    String below =
                            mount.root().equals("/")
                                    ? fields[2]
                                    : fields[2].substring(mount.root().length());
                    found.add(mount.mountPoint() + below);
                }
            }
        }
        return found;
    }

    /// Their numbers; some may have ended by now.
    Set<Integer> now() {
        return group.map(this::listed).orElseGet(this::sought);
    }

    /// A container can have cgroups of its own in its own.
    private Set<Integer> listed(String top) {
        Set<Integer> pids = new LinkedHashSet<>();
        List<String> groups = new ArrayList<>(List.of(top));
        for (int i = 0; i < groups.size() && i < MOST_GROUPS && pids.size() < MOST; i++) {
            String group = groups.get(i);
            String list =
                    place.kernel().text(Kernel.AT_FDCWD, group + "/cgroup.procs", LIST).orElse("");
            for (String pid : list.split("\n", -1)) {
                number(pid).ifPresent(pids::add);
            }
            long directory =
                    place.kernel()
                            .open(
                                    Kernel.AT_FDCWD,
                                    group,
                                    Kernel.O_RDONLY
                                            | Kernel.O_CLOEXEC
                                            | place.kernel().abi().directory,
                                    0);
            if (directory >= 0) {
                for (String name : place.calls().names((int) directory, MOST_GROUPS)) {
                    if (place.calls()
                            .entry((int) directory, name)
                            .filter(FileStatus::directory)
                            .isPresent()) {
                        groups.add(group + "/" + name);
                    }
                }
                place.kernel().close(directory);
            }
        }
        return pids;
    }

    private Set<Integer> sought() {
        Set<Integer> pids = new LinkedHashSet<>();
        Kernel kernel = place.kernel();
        long proc =
                kernel.open(
                        Kernel.AT_FDCWD,
                        "/proc",
                        Kernel.O_RDONLY | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (proc < 0) {
            return pids;
        }
        for (String name : place.calls().names((int) proc, 1 << 16)) {
            Optional<Integer> pid = number(name);
            if (pid.isPresent() && pids.size() < MOST && isMember((int) proc, name)) {
                pids.add(pid.get());
            }
        }
        kernel.close(proc);
        return pids;
    }

    private boolean isMember(int proc, String pid) {
        long directory = place.kernel().open(proc, pid, Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (directory < 0) {
            return false;
        }
        try {
            return who.member((int) directory);
        } finally {
            place.kernel().close(directory);
        }
    }

    private static Optional<Integer> number(String text) {
        boolean digits =
                !text.isEmpty()
                        && text.length() < 10
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
