package io.github.writeprobe.judge;

import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Writable mounts of the kernel's own filesystems through which a container can change the host.
///
/// The files there belong to root on the host. Root in a user namespace is another user.
final class WritableKernelMounts {
    /// A container may have, or print, thousands of mounts.
    private static final int MAX_REPORTED = 8;

    private static final String SYSCTLS = "/sys";

    /// Directories of sysfs: `/kernel` has the name of a program that the kernel runs
    /// (`uevent_helper`), `/module` has the parameters of the kernel's modules.
    private static final List<String> POWERFUL_SYSFS_ROOTS = List.of("/kernel", "/module");

    private static final Set<String> OTHER_FILESYSTEMS =
            Set.of(
                    "debugfs",
                    "tracefs",
                    "configfs",
                    "securityfs",
                    "bpf",
                    "binfmt_misc",
                    "efivarfs");

    private final PrivilegeFacts holder;

    WritableKernelMounts(PrivilegeFacts holder) {
        this.holder = holder;
    }

    List<String> sysctls() {
        if (holder.table().entries().isEmpty()) {
            boolean isDeclaredWritable =
                    holder.isHostRoot()
                            && holder.isolation()
                                    .readonlyPaths()
                                    .filter(paths -> !paths.contains("/proc/sys"))
                                    .isPresent();
            return isDeclaredWritable ? List.of("its /proc/sys is declared writable") : List.of();
        }
        return describeWritable(
                e -> e.filesystem().equals("proc") && sysctlsPath(e).isPresent(),
                e -> "it can write to " + sysctlsPath(e).orElse(e.mountPoint()));
    }

    /// The path of `/proc/sys` in that mount, unless another mount covers it.
    private Optional<String> sysctlsPath(MountEntry proc) {
        if (MountTable.isAtOrBelow(proc.root(), SYSCTLS)) {
            return Optional.of(proc.mountPoint());
        }
        String sysctls = proc.mountPoint().equals("/") ? SYSCTLS : proc.mountPoint() + SYSCTLS;
        return proc.root().equals("/")
                        && holder.table().mountCovering(sysctls).filter(proc::equals).isPresent()
                ? Optional.of(sysctls)
                : Optional.empty();
    }

    List<String> sysfs() {
        return describeWritable(
                e ->
                        e.filesystem().equals("sysfs")
                                && (e.root().equals("/")
                                        || POWERFUL_SYSFS_ROOTS.stream()
                                                .anyMatch(
                                                        p -> MountTable.isAtOrBelow(e.root(), p))),
                e -> "it can write to the sysfs at " + e.mountPoint());
    }

    List<String> cgroups() {
        return describeWritable(
                e ->
                        OwnCgroupMountCheck.isCgroup(e)
                                && !OwnCgroupMountCheck.isOwn(e, holder.container())
                                && (holder.isKernelTable() || !OwnCgroupMountCheck.mayBeOwn(e)),
                e -> "it can write to control groups other than its own at " + e.mountPoint());
    }

    List<String> otherFilesystems() {
        return describeWritable(
                e -> OTHER_FILESYSTEMS.contains(e.filesystem()),
                e -> "it can write to the " + e.filesystem() + " at " + e.mountPoint());
    }

    /// A sentence for each mount that cannot be decided with a mount table that the container
    /// printed.
    List<String> undecided() {
        return holder.isKernelTable()
                ? List.of()
                : describeWritable(
                        e -> OwnCgroupMountCheck.isCgroup(e) && OwnCgroupMountCheck.mayBeOwn(e),
                        e ->
                                "it is not known whether the writable control groups at "
                                        + e.mountPoint()
                                        + " are only the container's own, because the kernel was"
                                        + " not probed");
    }

    private List<String> describeWritable(
            Predicate<MountEntry> filter, Function<MountEntry, String> description) {
        return holder.isHostRoot()
                ? holder.writableMounts()
                        .filter(filter)
                        .map(description)
                        .distinct()
                        .limit(MAX_REPORTED)
                        .toList()
                : List.of();
    }
}
