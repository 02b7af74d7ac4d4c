package io.github.writeprobe.judge;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.Isolation;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.stream.Stream;

/// A container as one that may hold powers: what is declared, what the kernel says of it, and what
/// is mounted.
///
/// @param mounts each with what of the host it shows
/// @param table what is mounted
/// @param isKernelTable whether the table is the kernel's own, as read from the machine
record PowerHolder(
        Container container,
        KernelFacts facts,
        List<Mount> mounts,
        MountTable table,
        boolean isKernelTable) {
    /// Labels under which the engines' own profiles of AppArmor and SELinux confine a container:
    /// these let it look into no process but those of containers.
    private static final List<String> ENGINE_PROFILES =
            List.of("docker-default", "containers-default", "cri-containerd.apparmor.d");

    PowerHolder {
        requireNonNull(container);
        requireNonNull(facts);
        mounts = List.copyOf(mounts);
        requireNonNull(table);
    }

    static PowerHolder of(JudgedContainer judged) {
        return new PowerHolder(
                judged.container(),
                ProbeResult.factsOf(judged.results()),
                judged.mounts(),
                ProbeResult.mountsOf(judged.results()),
                ProbeResult.hasKernelMountTable(judged.results()));
    }

    Isolation isolation() {
        return container.isolation();
    }

    /// Whether its root has a capability, declared or by what the kernel lets its processes have at
    /// most. A process in a user namespace of its own making seems to have all: that says nothing.
    boolean has(Capability capability) {
        return container.capabilities().contains(capability.name())
                || (!facts.userNamespace()
                        && facts.boundingSet().stream().anyMatch(capability::isIn));
    }

    /// Whether its root is root to the machine's kernel, which it is not in a user namespace
    /// (user_namespaces(7)), nor in a sandbox that has a kernel of its own. It is where nobody
    /// knows.
    boolean isHostRoot() {
        boolean ownKernel = !isolation().sandboxRuntime().isEmpty() && !isKernelTable;
        return !facts.userNamespace() && !ownKernel;
    }

    /// Whether it has a procfs in which the processes of the machine are, or may be: one that was
    /// brought in is not its own.
    boolean seesHostProcesses() {
        return isolation().pidMode().equals("host")
                || facts.hostPidNamespace()
                || mounts.stream()
                        .flatMap(m -> m.hostPaths().stream())
                        .anyMatch(o -> MountTable.isAtOrBelow(o, "/proc"))
                || mounts.stream()
                        .filter(m -> m.declaredWritable().isPresent())
                        .flatMap(m -> m.entry().stream())
                        .anyMatch(PowerHolder::showsProcesses)
                || table.reachable().stream()
                        .filter(e -> !MountTable.isAtOrBelow(e.mountPoint(), "/proc"))
                        .anyMatch(PowerHolder::showsProcesses);
    }

    /// Whether it shows processes: the whole of a procfs, or one of its numbered directories.
    private static boolean showsProcesses(MountEntry entry) {
        return entry.filesystem().equals("proc") && entry.root().matches("/([0-9]+(/.*)?)?");
    }

    /// Whether it shares the processes of another container, which may be the machine's, and the
    /// kernel was not asked.
    boolean maySeeHostProcesses() {
        return isolation().pidMode().startsWith("container:")
                && !isKernelTable
                && has(Capability.SETUID)
                && has(Capability.SETGID);
    }

    /// Whether a security module is known to keep it from the machine's processes.
    boolean isConfined() {
        String label = facts.confinement();
        boolean isUnconfinedDeclared =
                isolation().securityOptions().stream()
                        .anyMatch(o -> o.contains("unconfined") || o.contains("disable"));
        return !isUnconfinedDeclared
                && (label.contains(":container_t:")
                        || (label.endsWith("(enforce)")
                                && ENGINE_PROFILES.stream().anyMatch(label::startsWith)));
    }

    /// Whether the engine's own filter of system calls is known to be off, or to be another's.
    boolean lacksDefaultSeccompProfile() {
        return facts.seccompUnconfined()
                || isolation().securityOptions().stream()
                        .anyMatch(o ->
                                o.startsWith("seccomp")
                                        && !o.endsWith("builtin")
                                        && !o.endsWith("default"));
    }

    /// The mounts that can be reached and that its table calls writable.
    Stream<MountEntry> writableMounts() {
        return table.reachable().stream().filter(e -> !e.isReadOnly());
    }
}
