package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.NamespaceCheck;
import io.github.writeprobe.probes.container.Namespaces;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// All processes of the machine by the mount namespace they live in, and to which container each
/// namespace belongs: by the cgroup of its processes, which engines name after containers, and by
/// their PID namespace, which no process can leave.
///
/// One scan serves all containers that are probed within a second.
final class ProcessScan {
    private static final long FRESH_NANOS = 1_000_000_000;
    private static final int MOST_PROCESSES = 1 << 18;

    /// So many processes of a namespace are asked whose they are.
    private static final int ASKED = 3;

    private static final int DEEPEST = 32;
    private static final int CGROUP = 1 << 16;
    private static final int STATUS = 1 << 20;
    private static final int STARTTIME = 19;
    private static final int OLD_SECONDS = 5;

    /// Capabilities that engines do not give to every container.
    private static final long BEYOND_DEFAULT = ~0xa80425fbL;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final String proc;
    private final Set<String> ofHost;
    private Snapshot last = new Snapshot(0, Map.of(), Map.of(), Map.of(), Map.of());
    private Map<Member, Owners> known = new HashMap<>();

    /// @param pids of each mount namespace
    /// @param byContainer mount namespaces by the id of the container
    /// @param byPids those that no container's cgroup has, by PID namespace
    /// @param powers of the processes of each mount namespace
    record Snapshot(
            long at,
            Map<String, List<Integer>> pids,
            Map<String, Set<String>> byContainer,
            Map<String, Set<String>> byPids,
            Map<String, Set<Power>> powers) {
        /// The mount namespaces that processes of a container live in.
        Set<String> of(String container, String pidNamespace) {
            Set<String> mounts = new LinkedHashSet<>(byContainer.getOrDefault(container, Set.of()));
            mounts.addAll(byPids.getOrDefault(pidNamespace, Set.of()));
            return mounts;
        }

        /// The capabilities that any process of a container can have at most: one that was started
        /// beside its first process may have been given more.
        ///
        /// @param mounts that its processes live in, but for the first one's
        long bounding(Set<String> mounts, NamespaceCheck.Result.EngineMade made) {
            long bounding = bounding(made.mount(), made.engineUser());
            for (String mount : mounts) {
                bounding |= bounding(mount, made.engineUser());
            }
            return bounding;
        }

        private long bounding(String mount, String user) {
            long bounding = 0;
            for (Power power : powers.getOrDefault(mount, Set.of())) {
                bounding |= power.user().equals(user) ? power.bounding() : 0;
            }
            return bounding;
        }
    }

    /// @param user the user namespace in which a process has
    /// @param bounding these capabilities at most
    record Power(String user, long bounding) {}

    private record Member(String mount, int pid) {}

    private record Owners(
            Set<String> containers, Set<String> pidNamespaces, Optional<Power> power) {}

    /// @param proc where procfs is mounted
    /// @param ofHost mount namespaces that no container lives in
    ProcessScan(String proc, Set<String> ofHost) {
        this.proc = proc;
        this.ofHost = ofHost;
    }

    /// Of now, or of less than a second ago.
    synchronized Snapshot snapshot(Kernel kernel, FileCalls files) {
        long now = System.nanoTime();
        if (last.at() == 0 || now - last.at() > FRESH_NANOS) {
            last = scan(kernel, files, now);
        }
        return last;
    }

    private Snapshot scan(Kernel kernel, FileCalls files, long now) {
        Map<String, List<Integer>> pids = new LinkedHashMap<>();
        Map<String, Set<String>> byContainer = new HashMap<>();
        Map<String, Set<String>> byPids = new HashMap<>();
        Map<String, Set<Power>> powers = new HashMap<>();
        Map<Member, Owners> asked = new HashMap<>();
        long directory =
                kernel.open(
                        Kernel.AT_FDCWD,
                        proc,
                        Kernel.O_RDONLY | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (directory < 0) {
            return new Snapshot(now, Map.of(), Map.of(), Map.of(), Map.of());
        }
        try {
            for (String name : files.names((int) directory, MOST_PROCESSES)) {
                if (!Character.isDigit(name.charAt(0))) {
                    continue;
                }
                Optional<String> mount = kernel.link((int) directory, name + "/ns/mnt");
                if (mount.isPresent()) {
                    add(pids, mount.get(), name);
                } else {
                    // Its first thread has ended, and others may live.
                    for (String thread :
                            threads(kernel, files, (int) directory, name, MOST_PROCESSES)) {
                        kernel.link((int) directory, thread + "/ns/mnt")
                                .ifPresent(m -> add(pids, m, thread));
                    }
                }
            }
            pids.forEach((mount, members) -> {
                int number = 0;
                for (int pid : members) {
                    Member member = new Member(mount, pid);
                    Owners owners = known.get(member);
                    if (owners == null || owners.power().isEmpty()) {
                        owners = owners(kernel, files, (int) directory, pid, number < ASKED);
                    }
                    number++;
                    asked.put(member, owners);
                    owners.power()
                            .ifPresent(p ->
                                    powers.computeIfAbsent(mount, _ -> new HashSet<>()).add(p));
                    for (String container : owners.containers()) {
                        byContainer.computeIfAbsent(container, _ -> new HashSet<>()).add(mount);
                    }
                    for (String namespace : owners.pidNamespaces()) {
                        byPids.computeIfAbsent(namespace, _ -> new HashSet<>()).add(mount);
                    }
                }
            });
        } finally {
            kernel.close(directory);
        }
        // A PID namespace can be shared with another container: what has that one's cgroup is its.
        Set<String> ofContainers =
                byContainer.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        byPids.values().forEach(mounts -> mounts.removeAll(ofContainers));
        known = asked;
        return new Snapshot(now, pids, byContainer, byPids, powers);
    }

    private void add(Map<String, List<Integer>> pids, String mount, String pid) {
        if (!ofHost.contains(mount)) {
            pids.computeIfAbsent(mount, _ -> new ArrayList<>()).add(Integer.parseInt(pid));
        }
    }

    /// The threads of a process, by their ids.
    ///
    /// @param process its directory in procfs, from `directory` on
    static List<String> threads(
            Kernel kernel, FileCalls files, int directory, String process, int most) {
        long tasks =
                kernel.open(
                        directory,
                        process + "/task",
                        Kernel.O_RDONLY | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (tasks < 0) {
            return List.of();
        }
        try {
            return files.names((int) tasks, most).stream()
                    .filter(t -> Character.isDigit(t.charAt(0)))
                    .toList();
        } finally {
            kernel.close(tasks);
        }
    }

    /// @param whole whether it is also asked whose it is
    private static Owners owners(Kernel kernel, FileCalls files, int proc, int pid, boolean whole) {
        long process =
                kernel.open(proc, Integer.toString(pid), Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (process < 0) {
            return new Owners(Set.of(), Set.of(), Optional.empty());
        }
        try {
            Optional<Power> power = power(kernel, (int) process);
            if (!whole) {
                return new Owners(Set.of(), Set.of(), power);
            }
            Set<String> containers = new HashSet<>();
            Matcher ids = ID.matcher(kernel.text((int) process, "cgroup", CGROUP).orElse(""));
            while (ids.find()) {
                containers.add(ids.group());
            }
            return new Owners(
                    containers,
                    pidNamespaces(kernel, new Namespaces(kernel, files), (int) process),
                    power);
        } finally {
            kernel.close(process);
        }
    }

    /// What a process can have at most only becomes less, so it is read once.
    private static Optional<Power> power(Kernel kernel, int process) {
        Optional<String> user = kernel.link(process, "ns/user");
        return user.isEmpty()
                ? Optional.empty()
                : kernel.text(process, "status", STATUS)
                        .flatMap(ProcessStatus::parse)
                        .filter(s -> (s.bounding() & BEYOND_DEFAULT) == 0 || old(kernel, process))
                        .map(s -> new Power(user.get(), s.bounding()));
    }

    /// Whether it has been there for some seconds. What a runtime starts in a container has every
    /// capability until it becomes what it is to be. proc_pid_stat(5): `starttime`, in ticks of
    /// which a second has a hundred.
    private static boolean old(Kernel kernel, int process) {
        String stat = kernel.text(process, "stat", CGROUP).orElse("");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        String uptime = kernel.text(Kernel.AT_FDCWD, "/proc/uptime", CGROUP).orElse("");
        if (fields.length <= STARTTIME || uptime.isEmpty()) {
            return false;
        }
        double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return now - Long.parseLong(fields[STARTTIME]) / 100.0 > OLD_SECONDS;
    }

    /// Its own, and those that this one was made in.
    private static Set<String> pidNamespaces(Kernel kernel, Namespaces namespaces, int process) {
        Set<String> all = new LinkedHashSet<>();
        namespaces.pid(process).ifPresent(all::add);
        long here = kernel.open(process, "ns/pid", Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
        for (int i = 0; i < DEEPEST && here >= 0; i++) {
            long above = kernel.parentOf((int) here);
            kernel.close(here);
            here = above;
            if (here >= 0) {
                namespaces.name((int) here, "pid").ifPresent(all::add);
            }
        }
        kernel.close(here);
        return all;
    }
}
