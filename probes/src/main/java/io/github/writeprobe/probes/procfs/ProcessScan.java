package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.Namespaces;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final String proc;
    private final Set<String> ofHost;
    private Snapshot last = new Snapshot(0, Map.of(), Map.of(), Map.of());
    private Map<Member, Owners> known = new HashMap<>();

    /// @param pids of each mount namespace
    /// @param byContainer mount namespaces by the id of the container
    /// @param byPids mount namespaces by PID namespace
    record Snapshot(
            long at,
            Map<String, List<Integer>> pids,
            Map<String, Set<String>> byContainer,
            Map<String, Set<String>> byPids) {
        /// The mount namespaces that processes of a container live in.
        Set<String> of(String container, String pidNamespace) {
            Set<String> mounts = new LinkedHashSet<>(byContainer.getOrDefault(container, Set.of()));
            mounts.addAll(byPids.getOrDefault(pidNamespace, Set.of()));
            return mounts;
        }
    }

    private record Member(String mount, int pid) {}

    private record Owners(Set<String> containers, Set<String> pidNamespaces) {}

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
        Map<Member, Owners> asked = new HashMap<>();
        long directory =
                kernel.open(
                        Kernel.AT_FDCWD,
                        proc,
                        Kernel.O_RDONLY | Kernel.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (directory < 0) {
            return new Snapshot(now, Map.of(), Map.of(), Map.of());
        }
        try {
            for (String name : files.names((int) directory, MOST_PROCESSES)) {
                if (!Character.isDigit(name.charAt(0))) {
                    continue;
                }
                kernel.link((int) directory, name + "/ns/mnt")
                        .filter(m -> !ofHost.contains(m))
                        .ifPresent(m ->
                                pids.computeIfAbsent(m, _ -> new ArrayList<>())
                                        .add(Integer.parseInt(name)));
            }
            pids.forEach((mount, members) -> {
                for (int pid : members.subList(0, Math.min(ASKED, members.size()))) {
                    Member member = new Member(mount, pid);
                    Owners owners = known.get(member);
                    if (owners == null) {
                        owners = owners(kernel, files, (int) directory, pid);
                    }
                    asked.put(member, owners);
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
        known = asked;
        return new Snapshot(now, pids, byContainer, byPids);
    }

    private static Owners owners(Kernel kernel, FileCalls files, int proc, int pid) {
        long process =
                kernel.open(proc, Integer.toString(pid), Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (process < 0) {
            return new Owners(Set.of(), Set.of());
        }
        try {
            Set<String> containers = new HashSet<>();
            Matcher ids = ID.matcher(kernel.text((int) process, "cgroup", CGROUP).orElse(""));
            while (ids.find()) {
                containers.add(ids.group());
            }
            return new Owners(
                    containers,
                    pidNamespaces(kernel, new Namespaces(kernel, files), (int) process));
        } finally {
            kernel.close(process);
        }
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
