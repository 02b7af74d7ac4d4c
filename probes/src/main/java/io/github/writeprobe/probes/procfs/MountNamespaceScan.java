package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.container.EngineMountNamespaceCheck;
import io.github.writeprobe.probes.container.ProcessNamespaceReader;
import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
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

/// Scans all processes of the host for their mount namespaces, and maps these to containers: by the
/// cgroup of their processes, which engines name after containers, and by their PID namespace,
/// which no process can leave.
///
/// All containers that are probed within a second share one scan.
final class MountNamespaceScan {
    private static final long MAX_AGE_NANOS = 1_000_000_000;
    private static final int MAX_PROCESSES = 1 << 18;

    /// The number of processes of a mount namespace whose container is looked up.
    private static final int MAX_IDENTIFIED = 3;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_CGROUP_BYTES = 1 << 16;
    private static final int MAX_STATUS_BYTES = 1 << 20;
    private static final int STARTTIME_FIELD = 19;
    private static final int MIN_AGE_SECONDS = 5;

    /// Capabilities that engines do not give to every container.
    private static final long BEYOND_DEFAULT = ~0xa80425fbL;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final String proc;
    private final Set<String> hostNamespaces;
    private Snapshot latest = new Snapshot(0, Map.of(), Map.of(), Map.of(), Map.of());
    private Map<ProcessKey, Owners> cached = new HashMap<>();

    /// @param pids the processes of each mount namespace
    /// @param byContainer the mount namespaces by the id of the container
    /// @param byPidNamespace those that belong to no container's cgroup, by PID namespace
    /// @param capabilitiesByMount the capabilities of the processes of each mount namespace
    record Snapshot(
            long takenAt,
            Map<String, List<Integer>> pids,
            Map<String, Set<String>> byContainer,
            Map<String, Set<String>> byPidNamespace,
            Map<String, Set<ProcessCapabilities>> capabilitiesByMount) {
        /// The mount namespaces that processes of a container are in.
        Set<String> mountNamespaces(String container, String pidNamespace) {
            Set<String> mounts = new LinkedHashSet<>(byContainer.getOrDefault(container, Set.of()));
            mounts.addAll(byPidNamespace.getOrDefault(pidNamespace, Set.of()));
            return mounts;
        }

        /// The capabilities that any process of a container can have at most: an exec may have got
        /// more than the first process.
        ///
        /// @param mounts the mount namespaces of its processes, except that of the first one
        long boundingSet(Set<String> mounts, EngineMountNamespaceCheck.Result.EngineMade made) {
            long boundingSet = boundingSet(made.mountNamespace(), made.engineUserNamespace());
            for (String mount : mounts) {
                boundingSet |= boundingSet(mount, made.engineUserNamespace());
            }
            return boundingSet;
        }

        private long boundingSet(String mount, String user) {
            long boundingSet = 0;
            for (ProcessCapabilities capabilities :
                    capabilitiesByMount.getOrDefault(mount, Set.of())) {
                boundingSet |= capabilities.user().equals(user) ? capabilities.boundingSet() : 0;
            }
            return boundingSet;
        }
    }

    /// @param user the user namespace in which the capabilities are valid
    /// @param boundingSet the capabilities that the process can have at most
    record ProcessCapabilities(String user, long boundingSet) {}

    private record ProcessKey(String mount, int pid) {}

    private record Owners(
            Set<String> containers,
            Set<String> pidNamespaces,
            Optional<ProcessCapabilities> capabilities) {}

    /// @param proc where procfs is mounted
    /// @param hostNamespaces mount namespaces that belong to no container
    MountNamespaceScan(String proc, Set<String> hostNamespaces) {
        this.proc = proc;
        this.hostNamespaces = hostNamespaces;
    }

    /// A snapshot that is less than a second old.
    synchronized Snapshot snapshot(LinuxSyscalls kernel, FileMetadataSyscalls files) {
        long now = System.nanoTime();
        if (latest.takenAt() == 0 || now - latest.takenAt() > MAX_AGE_NANOS) {
            latest = scan(kernel, files, now);
        }
        return latest;
    }

    private Snapshot scan(LinuxSyscalls kernel, FileMetadataSyscalls files, long now) {
        Map<String, List<Integer>> pids = new LinkedHashMap<>();
        Map<String, Set<String>> byContainer = new HashMap<>();
        Map<String, Set<String>> byPidNamespace = new HashMap<>();
        Map<String, Set<ProcessCapabilities>> capabilitiesByMount = new HashMap<>();
        Map<ProcessKey, Owners> scanned = new HashMap<>();
        long directory =
                kernel.open(
                        LinuxSyscalls.AT_FDCWD,
                        proc,
                        LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (directory < 0) {
            return new Snapshot(now, Map.of(), Map.of(), Map.of(), Map.of());
        }
        try {
            for (String name : files.listNames((int) directory, MAX_PROCESSES)) {
                if (!Character.isDigit(name.charAt(0))) {
                    continue;
                }
                Optional<String> mount = kernel.readLink((int) directory, name + "/ns/mnt");
                if (mount.isPresent()) {
                    addProcess(pids, mount.get(), name);
                } else {
                    // Its first thread has ended, but other threads may still run.
                    for (String thread :
                            threads(kernel, files, (int) directory, name, MAX_PROCESSES)) {
                        kernel.readLink((int) directory, thread + "/ns/mnt")
                                .ifPresent(m -> addProcess(pids, m, thread));
                    }
                }
            }
            pids.forEach((mount, members) -> {
                int index = 0;
                for (int pid : members) {
                    ProcessKey key = new ProcessKey(mount, pid);
                    Owners owners = cached.get(key);
                    if (owners == null || owners.capabilities().isEmpty()) {
                        owners =
                                owners(kernel, files, (int) directory, pid, index < MAX_IDENTIFIED);
                    }
                    index++;
                    scanned.put(key, owners);
                    owners.capabilities()
                            .ifPresent(p ->
                                    capabilitiesByMount
                                            .computeIfAbsent(mount, _ -> new HashSet<>())
                                            .add(p));
                    for (String container : owners.containers()) {
                        byContainer.computeIfAbsent(container, _ -> new HashSet<>()).add(mount);
                    }
                    for (String namespace : owners.pidNamespaces()) {
                        byPidNamespace.computeIfAbsent(namespace, _ -> new HashSet<>()).add(mount);
                    }
                }
            });
        } finally {
            kernel.close(directory);
        }
        // A PID namespace can be shared with another container. A mount namespace in that
        // container's cgroup belongs to that container.
        Set<String> containerNamespaces =
                byContainer.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        byPidNamespace.values().forEach(mounts -> mounts.removeAll(containerNamespaces));
        cached = scanned;
        return new Snapshot(now, pids, byContainer, byPidNamespace, capabilitiesByMount);
    }

    private void addProcess(Map<String, List<Integer>> pids, String mount, String pid) {
        if (!hostNamespaces.contains(mount)) {
            pids.computeIfAbsent(mount, _ -> new ArrayList<>()).add(Integer.parseInt(pid));
        }
    }

    /// The ids of the threads of a process.
    ///
    /// @param process its directory in procfs, relative to `directory`
    static List<String> threads(
            LinuxSyscalls kernel,
            FileMetadataSyscalls files,
            int directory,
            String process,
            int max) {
        long tasks =
                kernel.open(
                        directory,
                        process + "/task",
                        LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                        0);
        if (tasks < 0) {
            return List.of();
        }
        try {
            return files.listNames((int) tasks, max).stream()
                    .filter(t -> Character.isDigit(t.charAt(0)))
                    .toList();
        } finally {
            kernel.close(tasks);
        }
    }

    /// @param identify whether the container of the process is also looked up
    private static Owners owners(
            LinuxSyscalls kernel, FileMetadataSyscalls files, int proc, int pid, boolean identify) {
        long process =
                kernel.open(
                        proc,
                        Integer.toString(pid),
                        LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                        0);
        if (process < 0) {
            return new Owners(Set.of(), Set.of(), Optional.empty());
        }
        try {
            Optional<ProcessCapabilities> capabilities = capabilities(kernel, (int) process);
            if (!identify) {
                return new Owners(Set.of(), Set.of(), capabilities);
            }
            Set<String> containers = new HashSet<>();
            Matcher ids =
                    ID.matcher(
                            kernel.readText((int) process, "cgroup", MAX_CGROUP_BYTES).orElse(""));
            while (ids.find()) {
                containers.add(ids.group());
            }
            return new Owners(
                    containers,
                    pidNamespaces(kernel, new ProcessNamespaceReader(kernel, files), (int) process),
                    capabilities);
        } finally {
            kernel.close(process);
        }
    }

    /// A bounding set can only shrink, so it is read once for each process.
    private static Optional<ProcessCapabilities> capabilities(LinuxSyscalls kernel, int process) {
        Optional<String> user = kernel.readLink(process, "ns/user");
        return user.isEmpty()
                ? Optional.empty()
                : kernel.readText(process, "status", MAX_STATUS_BYTES)
                        .flatMap(ProcessStatus::parse)
                        .filter(s ->
                                (s.boundingSet() & BEYOND_DEFAULT) == 0
                                        || isSettled(kernel, process))
                        .map(s -> new ProcessCapabilities(user.get(), s.boundingSet()));
    }

    /// Whether the process has run for some seconds. A process that a runtime starts in a container
    /// has every capability until the runtime has set its final ones. See `starttime` in
    /// proc_pid_stat(5), in ticks of a hundredth of a second.
    private static boolean isSettled(LinuxSyscalls kernel, int process) {
        String stat = kernel.readText(process, "stat", MAX_CGROUP_BYTES).orElse("");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        String uptime =
                kernel.readText(LinuxSyscalls.AT_FDCWD, "/proc/uptime", MAX_CGROUP_BYTES)
                        .orElse("");
        if (fields.length <= STARTTIME_FIELD || uptime.isEmpty()) {
            return false;
        }
        double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return now - Long.parseLong(fields[STARTTIME_FIELD]) / 100.0 > MIN_AGE_SECONDS;
    }

    /// The PID namespace of the process, and all parents of that namespace.
    private static Set<String> pidNamespaces(
            LinuxSyscalls kernel, ProcessNamespaceReader namespaces, int process) {
        Set<String> all = new LinkedHashSet<>();
        namespaces.pidNamespace(process).ifPresent(all::add);
        long current =
                kernel.open(process, "ns/pid", LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC, 0);
        for (int i = 0; i < MAX_DEPTH && current >= 0; i++) {
            long parent = kernel.parentOf((int) current);
            kernel.close(current);
            current = parent;
            if (current >= 0) {
                namespaces.name((int) current, "pid").ifPresent(all::add);
            }
        }
        kernel.close(current);
        return all;
    }
}
