package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.OtherView;
import io.github.writeprobe.probes.container.ContainerRoot;
import io.github.writeprobe.probes.container.NamespaceCheck;
import io.github.writeprobe.probes.container.Namespaces;
import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The mount namespaces, besides that of its first process, that processes of a container live in:
/// each is looked into from its own root. Belongs to the thread of its kernel.
final class OtherNamespaces {
    /// A container may have so many; beyond that it cannot be verified.
    private static final int MOST = 64;

    private static final int MOST_MOUNTS = 256;
    private static final int MOST_THREADS = 20_000;
    private static final long SYS_ADMIN = 1L << 21;

    private final Kernel kernel;
    private final FileCalls files;
    private final Namespaces namespaces;
    private final String proc;
    private final ProcessScan.Snapshot processes;
    private final Set<String> ofHost;
    private final List<OtherView> views = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    /// How paths are tried from another root.
    interface Prober {
        /// @param root of the other mount namespace, open
        List<Observation> probe(int root, MountTable table, List<String> paths);
    }

    /// @param ofHost mount namespaces that no container lives in
    OtherNamespaces(
            Kernel kernel,
            FileCalls files,
            String proc,
            ProcessScan.Snapshot processes,
            Set<String> ofHost) {
        this.kernel = kernel;
        this.files = files;
        this.namespaces = new Namespaces(kernel, files);
        this.proc = proc;
        this.processes = processes;
        this.ofHost = ofHost;
    }

    /// @param mounts the mount namespaces that its processes live in
    /// @param made the first process's mount namespace
    /// @param table its mount table
    /// @param bounding capabilities that the container's processes can have at most
    /// @param thorough whether every process is asked for its user namespace
    /// @return the facts, with what was found
    KernelFacts addTo(
            KernelFacts facts,
            Set<String> mounts,
            NamespaceCheck.Result.EngineMade made,
            MountTable table,
            long bounding,
            boolean thorough,
            Prober prober)
            throws InterruptedException {
        Map<String, List<Integer>> others = new LinkedHashMap<>();
        for (String mount : mounts) {
            others.put(mount, processes.pids().getOrDefault(mount, List.of()));
        }
        List<Integer> pids =
                new ArrayList<>(processes.pids().getOrDefault(made.mount(), List.of()));
        others.values().forEach(pids::addAll);
        threads(pids, made, (bounding & SYS_ADMIN) != 0, thorough)
                .forEach((mount, pid) -> others.putIfAbsent(mount, List.of(pid)));
        others.keySet().removeAll(ofHost);
        others.remove(made.mount());
        others.remove(made.starterMount());
        if (others.size() > MOST) {
            doubts.add("its processes live in more than " + MOST + " mount namespaces");
        }
        for (Map.Entry<String, List<Integer>> other :
                others.entrySet().stream().limit(MOST).toList()) {
            look(other.getKey(), other.getValue(), made, table, prober);
        }
        return views.isEmpty() && doubts.isEmpty() ? facts : facts.withViews(views, doubts);
    }

    /// Each thread can have a mount namespace of its own, where it has the power to make one: of
    /// those that have, the mount namespaces.
    private Map<String, Integer> threads(
            List<Integer> pids,
            NamespaceCheck.Result.EngineMade made,
            boolean powerful,
            boolean thorough) {
        Map<String, Integer> found = new LinkedHashMap<>();
        if (!powerful && !thorough) {
            return found;
        }
        int seen = 0;
        for (int pid : pids) {
            boolean may =
                    powerful
                            || kernel.link(Kernel.AT_FDCWD, proc + "/" + pid + "/ns/user")
                                    .filter(u -> !u.equals(made.engineUser()))
                                    .isPresent();
            List<String> threads =
                    may
                            ? ProcessScan.threads(
                                    kernel, files, Kernel.AT_FDCWD, proc + "/" + pid, MOST_THREADS)
                            : List.of();
            seen += threads.size();
            if (seen > MOST_THREADS) {
                doubts.add("it has more than " + MOST_THREADS + " threads to look into");
                return found;
            }
            for (String thread : threads) {
                kernel.link(Kernel.AT_FDCWD, proc + "/" + thread + "/ns/mnt")
                        .filter(m -> !m.equals(made.mount()))
                        .ifPresent(m -> found.putIfAbsent(m, Integer.parseInt(thread)));
            }
        }
        return found;
    }

    private void look(
            String mount,
            List<Integer> pids,
            NamespaceCheck.Result.EngineMade made,
            MountTable table,
            Prober prober)
            throws InterruptedException {
        for (int pid : pids) {
            long process =
                    kernel.open(
                            Kernel.AT_FDCWD,
                            proc + "/" + pid,
                            Kernel.O_PATH | Kernel.O_CLOEXEC | kernel.abi().directory,
                            0);
            try {
                if (process >= 0
                        && namespaces.mount((int) process).filter(mount::equals).isPresent()) {
                    look(pid, (int) process, made, table, prober);
                    return;
                }
            } finally {
                kernel.close(process);
            }
        }
        // All that lived there have ended, or went elsewhere.
    }

    private void look(
            int pid,
            int process,
            NamespaceCheck.Result.EngineMade made,
            MountTable table,
            Prober prober)
            throws InterruptedException {
        String command = kernel.text(process, "comm", 64).orElse("").strip();
        if (namespaces.ownerOfMounts(process).filter(made.engineUser()::equals).isEmpty()) {
            doubts.add(
                    who(pid, command)
                            + " lives in a mount namespace that it made itself, in a user namespace"
                            + " of its own");
            return;
        }
        switch (ContainerRoot.open(
                kernel, files, proc, process, Optional.empty(), OtherNamespaces::parsed)) {
            case ContainerRoot.Open open -> {
                try {
                    compare(pid, command, open, table, prober);
                } finally {
                    kernel.close(open.fd());
                }
            }
            case ContainerRoot.Gone() -> {}
            case ContainerRoot.TooLarge() ->
                    doubts.add("the mount table of " + who(pid, command) + " is too large");
            case ContainerRoot.Chroot() ->
                    doubts.add(who(pid, command) + " is in a chroot that cannot be looked past");
        }
    }

    private static Optional<MountTable> parsed(String text) {
        return Optional.of(MountTable.parse(text));
    }

    private void compare(
            int pid, String command, ContainerRoot.Open other, MountTable table, Prober prober) {
        MountTable there = other.table();
        List<MountEntry> writable =
                there.reachable().stream()
                        .filter(e -> !e.readOnly() && !e.kernelFilesystem())
                        .filter(e -> table.reachable().stream().noneMatch(m -> shows(m, e)))
                        .toList();
        if (writable.size() > MOST_MOUNTS || there.entries().size() >= MountTable.MOST) {
            doubts.add(who(pid, command) + " has more mounts of its own than are looked at");
        }
        List<MountEntry> tried = writable.stream().limit(MOST_MOUNTS).toList();
        if (tried.isEmpty()) {
            return;
        }
        List<Observation> seen =
                prober.probe(
                        other.fd(), there, tried.stream().map(MountEntry::mountPoint).toList());
        List<OtherView.Mount> mounts = new ArrayList<>();
        for (MountEntry entry : tried) {
            seen.stream()
                    .filter(o -> o.path().equals(entry.mountPoint()))
                    .findFirst()
                    .ifPresent(o -> mounts.add(new OtherView.Mount(entry, o)));
        }
        if (mounts.size() < tried.size()) {
            doubts.add(who(pid, command) + " has mounts of its own that could not be tried");
        }
        views.add(new OtherView(pid, command, mounts));
    }

    /// Whether what a mount shows is shown writable by one of the first process's, where it is
    /// judged.
    private static boolean shows(MountEntry first, MountEntry other) {
        return !first.readOnly()
                && first.device().equals(other.device())
                && MountTable.isAtOrBelow(other.root(), first.root());
    }

    private static String who(int pid, String command) {
        return "process " + pid + " (" + command + ")";
    }
}
