package io.github.writeprobe.judge;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.stream.Stream;

/// What decides which powers a container has: the declaration, what the kernel reports, and the
/// mounts.
///
/// @param mounts each with the host paths that it shows
/// @param table the mount table
/// @param isKernelTable whether the table was read from the kernel on the host; otherwise the
///   container printed it
record PrivilegeFacts(
        Container container,
        KernelFacts facts,
        List<JudgedMount> mounts,
        MountTable table,
        boolean isKernelTable) {
    /// Labels of the engines' own AppArmor profiles. They let a container access only processes of
    /// containers.
    private static final List<String> ENGINE_PROFILES =
            List.of("docker-default", "containers-default", "cri-containerd.apparmor.d");

    PrivilegeFacts {
        requireNonNull(container);
        requireNonNull(facts);
        mounts = List.copyOf(mounts);
        requireNonNull(table);
    }

    static PrivilegeFacts of(JudgingInput judged) {
        return new PrivilegeFacts(
                judged.container(),
                ProbeResult.factsOf(judged.results()),
                judged.mounts(),
                ProbeResult.mountsOf(judged.results()),
                ProbeResult.hasKernelMountTable(judged.results()));
    }

    DeclaredIsolation isolation() {
        return container.isolation();
    }

    /// Whether root in the container has a capability: it is declared, or it is in the kernel's
    /// bounding set. In a user namespace the bounding set proves nothing: a process in its own user
    /// namespace seems to have all capabilities.
    boolean has(Capability capability) {
        return container.capabilities().contains(capability.name())
                || (!facts.userNamespace()
                        && facts.boundingSet().stream().anyMatch(capability::isIn));
    }

    /// Whether root in the container is root for the host's kernel. It is not in a user namespace
    /// (user_namespaces(7)), nor in a sandbox with its own kernel. True if it is not known.
    boolean isHostRoot() {
        boolean ownKernel = !isolation().sandboxRuntime().isEmpty() && !isKernelTable;
        return !facts.userNamespace() && !ownKernel;
    }

    /// Whether the container has a procfs that shows the host's processes, or may show them: any
    /// other procfs than the container's own may be the host's.
    boolean seesHostProcesses() {
        return isolation().pidMode().equals("host")
                || facts.hostPidNamespace()
                || mounts.stream()
                        .flatMap(m -> m.hostPaths().stream())
                        .anyMatch(o -> MountTable.isAtOrBelow(o, "/proc"))
                || mounts.stream()
                        .filter(m -> m.declaredWritable().isPresent())
                        .flatMap(m -> m.entry().stream())
                        .anyMatch(PrivilegeFacts::showsProcesses)
                || table.reachable().stream()
                        .filter(e -> !MountTable.isAtOrBelow(e.mountPoint(), "/proc"))
                        .anyMatch(PrivilegeFacts::showsProcesses);
    }

    /// Whether a mount shows processes: a whole procfs, or one of its numbered directories.
    private static boolean showsProcesses(MountEntry entry) {
        return entry.filesystem().equals("proc") && entry.root().matches("/([0-9]+(/.*)?)?");
    }

    /// Whether the container shares the processes of another container, and it is not known whether
    /// these are the host's, because the kernel was not probed.
    boolean maySeeHostProcesses() {
        return isolation().pidMode().startsWith("container:") && !isKernelTable;
    }

    /// Whether a security module is known to block access to the host's processes.
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

    /// Whether the engine's seccomp profile is known to be off or replaced.
    boolean lacksDefaultSeccompProfile() {
        return facts.seccompUnconfined()
                || isolation().securityOptions().stream()
                        .anyMatch(o ->
                                o.startsWith("seccomp")
                                        && !o.endsWith("builtin")
                                        && !o.endsWith("default"));
    }

    /// The reachable mounts that are writable in the mount table.
    Stream<MountEntry> writableMounts() {
        return table.reachable().stream().filter(e -> !e.isReadOnly());
    }
}
