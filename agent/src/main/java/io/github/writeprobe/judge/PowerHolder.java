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
/// @param kernelsTable whether the table is the kernel's own, as read from the machine
record PowerHolder(
        Container container,
        KernelFacts facts,
        List<Mount> mounts,
        MountTable table,
        boolean kernelsTable) {
    /// Labels under which the engines' own profiles of AppArmor and SELinux confine a container:
    /// these let it look into no process but those of containers.
    private static final List<String> PROFILES =
            List.of("docker-default", "containers-default", "cri-containerd.apparmor.d");

    PowerHolder {
        requireNonNull(container);
        requireNonNull(facts);
        mounts = List.copyOf(mounts);
        requireNonNull(table);
    }

    static PowerHolder of(JudgedContainer scene) {
        return new PowerHolder(
                scene.container(),
                ProbeResult.factsOf(scene.testimonies()),
                scene.mounts(),
                ProbeResult.mountsOf(scene.testimonies()),
                ProbeResult.kernelsMounts(scene.testimonies()));
    }

    Isolation isolation() {
        return container.isolation();
    }

    /// Whether its root has a capability, declared or by what the kernel lets its processes have at
    /// most. A process in a user namespace of its own making seems to have all: that says nothing.
    boolean has(Capability capability) {
        return container.capabilities().contains(capability.name())
                || (!facts.userNamespace() && facts.bounding().stream().anyMatch(capability::in));
    }

    /// Whether its root is root to the machine's kernel, which it is not in a user namespace
    /// (user_namespaces(7)), nor in a sandbox that has a kernel of its own. It is where nobody
    /// knows.
    boolean machinesRoot() {
        boolean ownKernel = !isolation().sandbox().isEmpty() && !kernelsTable;
        return !facts.userNamespace() && !ownKernel;
    }

    /// Whether it has a procfs in which the processes of the machine are, or may be: one that was
    /// brought in is not its own.
    boolean seesMachinesProcesses() {
        return isolation().pidMode().equals("host")
                || facts.machinesProcesses()
                || mounts.stream()
                        .flatMap(m -> m.origins().stream())
                        .anyMatch(o -> MountTable.isAtOrBelow(o, "/proc"))
                || mounts.stream()
                        .filter(m -> m.declaredWritable().isPresent())
                        .flatMap(m -> m.entry().stream())
                        .anyMatch(PowerHolder::processes)
                || table.reachable().stream()
                        .filter(e -> !MountTable.isAtOrBelow(e.mountPoint(), "/proc"))
                        .anyMatch(PowerHolder::processes);
    }

    /// Whether it shows processes: the whole of a procfs, or one of its numbered directories.
    private static boolean processes(MountEntry entry) {
        return entry.filesystem().equals("proc") && entry.root().matches("/([0-9]+(/.*)?)?");
    }

    /// Whether it shares the processes of another container, which may be the machine's, and the
    /// kernel was not asked.
    boolean maySeeMachinesProcesses() {
        return isolation().pidMode().startsWith("container:")
                && !kernelsTable
                && has(Capability.SETUID)
                && has(Capability.SETGID);
    }

    /// Whether a security module is known to keep it from the machine's processes.
    boolean confined() {
        String label = facts.confinement();
        boolean declaredFree =
                isolation().securityOptions().stream()
                        .anyMatch(o -> o.contains("unconfined") || o.contains("disable"));
        return !declaredFree
                && (label.contains(":container_t:")
                        || (label.endsWith("(enforce)")
                                && PROFILES.stream().anyMatch(label::startsWith)));
    }

    /// Whether the engine's own filter of system calls is known to be off, or to be another's.
    boolean withoutEnginesSeccomp() {
        return facts.unfiltered()
                || isolation().securityOptions().stream()
                        .anyMatch(o ->
                                o.startsWith("seccomp")
                                        && !o.endsWith("builtin")
                                        && !o.endsWith("default"));
    }

    /// The mounts that can be reached and that its table calls writable.
    Stream<MountEntry> writableMounts() {
        return table.reachable().stream().filter(e -> !e.readOnly());
    }
}
