package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.OtherMountNamespace;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.container.EngineMountNamespaceCheck;
import io.github.writeprobe.probes.container.MountNamespaceRoot;
import io.github.writeprobe.probes.container.ProcessNamespaceReader;
import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The other mount namespaces of a container: those that its processes are in, except that of its
/// first process. Each is probed from its own root. Must be used on the thread of its kernel.
final class OtherMountNamespaceProbe {
    /// A container with more mount namespaces is unverified.
    private static final int MAX_NAMESPACES = 64;

    private static final int MAX_MOUNTS = 256;
    private static final int MAX_THREADS = 20_000;
    private static final long SYS_ADMIN = 1L << 21;

    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls files;
    private final ProcessNamespaceReader namespaces;
    private final String proc;
    private final MountNamespaceScan.Snapshot processes;
    private final Set<String> hostNamespaces;
    private final List<OtherMountNamespace> views = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    /// Probes paths from another root directory.
    interface Prober {
        /// @param root an open descriptor of the root directory of the other mount namespace
        List<PathObservation> probe(int root, MountTable table, List<String> paths);
    }

    /// @param hostNamespaces mount namespaces that belong to no container
    OtherMountNamespaceProbe(
            LinuxSyscalls kernel,
            FileMetadataSyscalls files,
            String proc,
            MountNamespaceScan.Snapshot processes,
            Set<String> hostNamespaces) {
        this.kernel = kernel;
        this.files = files;
        this.namespaces = new ProcessNamespaceReader(kernel, files);
        this.proc = proc;
        this.processes = processes;
        this.hostNamespaces = hostNamespaces;
    }

    /// @param mounts the mount namespaces that its processes are in
    /// @param made the first process's mount namespace
    /// @param table its mount table
    /// @param boundingSet the capabilities that the container's processes can have at most
    /// @param thorough whether the user namespace of every process is read
    /// @return the facts, with what was found
    KernelFacts addTo(
            KernelFacts facts,
            Set<String> mounts,
            EngineMountNamespaceCheck.Result.EngineMade made,
            MountTable table,
            long boundingSet,
            boolean thorough,
            Prober prober)
            throws InterruptedException {
        Map<String, List<Integer>> others = new LinkedHashMap<>();
        for (String mount : mounts) {
            others.put(mount, processes.pids().getOrDefault(mount, List.of()));
        }
        List<Integer> pids =
                new ArrayList<>(processes.pids().getOrDefault(made.mountNamespace(), List.of()));
        others.values().forEach(pids::addAll);
        threadNamespaces(pids, made, (boundingSet & SYS_ADMIN) != 0, thorough)
                .forEach((mount, pid) -> others.putIfAbsent(mount, List.of(pid)));
        others.keySet().removeAll(hostNamespaces);
        others.remove(made.mountNamespace());
        others.remove(made.starterMountNamespace());
        if (others.size() > MAX_NAMESPACES) {
            doubts.add("its processes are in more than " + MAX_NAMESPACES + " mount namespaces");
        }
        for (Map.Entry<String, List<Integer>> other :
                others.entrySet().stream().limit(MAX_NAMESPACES).toList()) {
            inspect(other.getKey(), other.getValue(), made, table, prober);
        }
        return views.isEmpty() && doubts.isEmpty() ? facts : facts.withOtherViews(views, doubts);
    }

    /// The mount namespaces of threads. A thread can have its own mount namespace if it has the
    /// privilege to create one.
    private Map<String, Integer> threadNamespaces(
            List<Integer> pids,
            EngineMountNamespaceCheck.Result.EngineMade made,
            boolean mayCreateNamespaces,
            boolean thorough) {
        Map<String, Integer> found = new LinkedHashMap<>();
        if (!mayCreateNamespaces && !thorough) {
            return found;
        }
        int threadCount = 0;
        for (int pid : pids) {
            boolean mayDiffer =
                    mayCreateNamespaces
                            || kernel.readLink(
                                            LinuxSyscalls.AT_FDCWD, proc + "/" + pid + "/ns/user")
                                    .filter(u -> !u.equals(made.engineUserNamespace()))
                                    .isPresent();
            List<String> threads =
                    mayDiffer
                            ? MountNamespaceScan.threads(
                                    kernel,
                                    files,
                                    LinuxSyscalls.AT_FDCWD,
                                    proc + "/" + pid,
                                    MAX_THREADS)
                            : List.of();
            threadCount += threads.size();
            if (threadCount > MAX_THREADS) {
                doubts.add("it has more than " + MAX_THREADS + " threads, too many to inspect");
                return found;
            }
            for (String thread : threads) {
                kernel.readLink(LinuxSyscalls.AT_FDCWD, proc + "/" + thread + "/ns/mnt")
                        .filter(m -> !m.equals(made.mountNamespace()))
                        .ifPresent(m -> found.putIfAbsent(m, Integer.parseInt(thread)));
            }
        }
        return found;
    }

    private void inspect(
            String mount,
            List<Integer> pids,
            EngineMountNamespaceCheck.Result.EngineMade made,
            MountTable table,
            Prober prober)
            throws InterruptedException {
        for (int pid : pids) {
            long process = kernel.openProcess(proc, pid);
            try {
                if (process >= 0
                        && namespaces
                                .mountNamespace((int) process)
                                .filter(mount::equals)
                                .isPresent()) {
                    inspect(pid, (int) process, made, table, prober);
                    return;
                }
            } finally {
                kernel.close(process);
            }
        }
        // All processes that were in the namespace have ended or left it.
    }

    private void inspect(
            int pid,
            int process,
            EngineMountNamespaceCheck.Result.EngineMade made,
            MountTable table,
            Prober prober)
            throws InterruptedException {
        String command = kernel.readText(process, "comm", 64).orElse("").strip();
        if (namespaces
                .mountNamespaceOwner(process)
                .filter(made.engineUserNamespace()::equals)
                .isEmpty()) {
            doubts.add(
                    describe(pid, command)
                            + " is in a mount namespace that it created itself, in its own user"
                            + " namespace");
            return;
        }
        switch (MountNamespaceRoot.open(
                kernel,
                files,
                proc,
                process,
                Optional.empty(),
                OtherMountNamespaceProbe::parseMountTable)) {
            case MountNamespaceRoot.Open open -> {
                try {
                    compare(pid, command, open, table, prober);
                } finally {
                    kernel.close(open.fd());
                }
            }
            case MountNamespaceRoot.Gone() -> {}
            case MountNamespaceRoot.TooLarge() ->
                    doubts.add("the mount table of " + describe(pid, command) + " is too large");
            case MountNamespaceRoot.Chroot() ->
                    doubts.add(
                            describe(pid, command)
                                    + " is in a chroot, and its other mounts cannot be read");
        }
    }

    private static Optional<MountTable> parseMountTable(String text) {
        return Optional.of(MountTable.parse(text));
    }

    private void compare(
            int pid,
            String command,
            MountNamespaceRoot.Open other,
            MountTable table,
            Prober prober) {
        MountTable otherTable = other.table();
        List<MountEntry> writable =
                otherTable.reachable().stream()
                        .filter(e -> !e.isReadOnly() && !e.isKernelFilesystem())
                        .filter(e ->
                                table.reachable().stream().noneMatch(m -> showsSameWritable(m, e)))
                        .toList();
        if (writable.size() > MAX_MOUNTS || otherTable.entries().size() >= MountTable.MAX_ENTRIES) {
            doubts.add(describe(pid, command) + " has more mounts of its own than can be probed");
        }
        List<MountEntry> probed = writable.stream().limit(MAX_MOUNTS).toList();
        if (probed.isEmpty()) {
            return;
        }
        List<PathObservation> observations =
                prober.probe(
                        other.fd(),
                        otherTable,
                        probed.stream().map(MountEntry::mountPoint).toList());
        List<OtherMountNamespace.Mount> mounts = new ArrayList<>();
        for (MountEntry entry : probed) {
            observations.stream()
                    .filter(o -> o.path().equals(entry.mountPoint()))
                    .findFirst()
                    .ifPresent(o -> mounts.add(new OtherMountNamespace.Mount(entry, o)));
        }
        if (mounts.size() < probed.size()) {
            doubts.add(describe(pid, command) + " has mounts of its own that could not be probed");
        }
        views.add(new OtherMountNamespace(pid, command, mounts));
    }

    /// Whether the first process also has this content mounted writable. It is then judged there.
    private static boolean showsSameWritable(MountEntry first, MountEntry other) {
        return !first.isReadOnly()
                && first.device().equals(other.device())
                && MountTable.isAtOrBelow(other.root(), first.root());
    }

    private static String describe(int pid, String command) {
        return "process " + pid + " (" + command + ")";
    }
}
