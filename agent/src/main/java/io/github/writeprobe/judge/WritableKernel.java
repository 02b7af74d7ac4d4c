package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Writable mounts of the kernel's own filesystems through which a container changes the machine.
///
/// Files there belong to the machine's root, whom a user namespace does not have.
final class WritableKernel {
    /// A container may have, or print, thousands.
    private static final int MOST = 8;

    private static final String SYSCTLS = "/sys";

    /// Of sysfs: where the kernel has the name of a program to run, and what its modules go by.
    private static final List<String> OF_SYSFS = List.of("/kernel", "/module");

    private static final Set<String> OTHERS =
            Set.of(
                    "debugfs",
                    "tracefs",
                    "configfs",
                    "securityfs",
                    "bpf",
                    "binfmt_misc",
                    "efivarfs");

    private final PowerHolder holder;

    WritableKernel(PowerHolder holder) {
        this.holder = holder;
    }

    List<String> sysctls() {
        if (holder.table().entries().isEmpty()) {
            boolean open =
                    holder.machinesRoot()
                            && holder.isolation()
                                    .readonlyPaths()
                                    .filter(paths -> !paths.contains("/proc/sys"))
                                    .isPresent();
            return open ? List.of("its /proc/sys is declared writable") : List.of();
        }
        return found(
                e -> e.filesystem().equals("proc") && sysctlsOf(e).isPresent(),
                e -> "it may write to " + sysctlsOf(e).orElse(e.mountPoint()));
    }

    /// Where `/proc/sys` is by that mount, if no other lies over it.
    private Optional<String> sysctlsOf(MountEntry proc) {
        if (MountTable.isAtOrBelow(proc.root(), SYSCTLS)) {
            return Optional.of(proc.mountPoint());
        }
        String sysctls = proc.mountPoint().equals("/") ? SYSCTLS : proc.mountPoint() + SYSCTLS;
        return proc.root().equals("/")
                        && holder.table().covering(sysctls).filter(proc::equals).isPresent()
                ? Optional.of(sysctls)
                : Optional.empty();
    }

    List<String> sysfs() {
        return found(
                e ->
                        e.filesystem().equals("sysfs")
                                && (e.root().equals("/")
                                        || OF_SYSFS.stream()
                                                .anyMatch(
                                                        p -> MountTable.isAtOrBelow(e.root(), p))),
                e -> "it may write to the sysfs at " + e.mountPoint());
    }

    List<String> cgroups() {
        return found(
                e ->
                        Cgroups.filesystem(e)
                                && !Cgroups.own(e, holder.container())
                                && (holder.kernelsTable() || !Cgroups.maybeOwn(e)),
                e -> "it may write to control groups of others at " + e.mountPoint());
    }

    List<String> others() {
        return found(
                e -> OTHERS.contains(e.filesystem()),
                e -> "it may write to the " + e.filesystem() + " at " + e.mountPoint());
    }

    /// What of it a table that the container printed leaves open, a sentence each.
    List<String> undecided() {
        return holder.kernelsTable()
                ? List.of()
                : found(
                        e -> Cgroups.filesystem(e) && Cgroups.maybeOwn(e),
                        e ->
                                "whether the writable control groups at "
                                        + e.mountPoint()
                                        + " are only the container's own, the kernel was not asked");
    }

    private List<String> found(Predicate<MountEntry> which, Function<MountEntry, String> words) {
        return holder.machinesRoot()
                ? holder.writableMounts().filter(which).map(words).distinct().limit(MOST).toList()
                : List.of();
    }
}
