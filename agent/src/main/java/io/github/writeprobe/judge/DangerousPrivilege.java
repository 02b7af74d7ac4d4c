package io.github.writeprobe.judge;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.judge.DeviceKinds.Risk;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The privileges with which a container can make its read-only root filesystem writable, or take
/// control of the host. docs/findings.md has the same rows, and explains why other capabilities and
/// settings are not powers.
///
/// Privileged mode includes most of the others, so they are not reported in addition to it.
enum DangerousPrivilege {
    PRIVILEGED(
            "Privileged mode",
            "`HostConfig.Privileged`",
            "has all capabilities and devices, and neither a seccomp filter nor masked paths",
            "docker-run(1), `--privileged`",
            "privileged mode",
            h -> h.container().privileged() ? List.of("it is privileged") : List.of()),

    SYS_ADMIN(
            "CAP_SYS_ADMIN",
            "declared, also in a user namespace; or in the bounding set, not in a user namespace",
            "can remount the root filesystem writable",
            "mount(2), capabilities(7)",
            "CAP_SYS_ADMIN",
            capability(false, Capability.SYS_ADMIN)),

    SYS_MODULE(
            "CAP_SYS_MODULE",
            "declared, or in the bounding set; not in a user namespace",
            "can load its own code into the host's kernel",
            "init_module(2)",
            "CAP_SYS_MODULE",
            capability(true, Capability.SYS_MODULE)),

    SYS_RAWIO(
            "CAP_SYS_RAWIO",
            "declared, or in the bounding set; not in a user namespace",
            "can access disks and memory through I/O ports, bypassing the kernel",
            "iopl(2), ioperm(2), capabilities(7)",
            "CAP_SYS_RAWIO",
            capability(true, Capability.SYS_RAWIO)),

    DAC_READ_SEARCH(
            "CAP_DAC_READ_SEARCH",
            "declared, or in the bounding set; not in a user namespace",
            "can open any file of a host filesystem by its file handle, if one file of that"
                    + " filesystem is mounted; in every container, `/etc/hosts` is such a file",
            "open_by_handle_at(2)",
            "CAP_DAC_READ_SEARCH",
            capability(true, Capability.DAC_READ_SEARCH)),

    BPF(
            "CAP_BPF with CAP_PERFMON",
            "both declared, or in the bounding set; not in a user namespace",
            "can read the kernel's memory; can keep system calls of other processes, including the"
                    + " engine, from being executed, and make them return any value",
            "bpf(2), capabilities(7), `BPF_MODIFY_RETURN` in the kernel's `kernel/bpf/verifier.c`",
            "CAP_BPF or CAP_PERFMON",
            capability(true, Capability.BPF, Capability.PERFMON)),

    SYS_BOOT(
            "CAP_SYS_BOOT without the engine's seccomp filter",
            "declared, or in the bounding set, and seccomp is `unconfined`, a custom profile, or"
                    + " off; not in a user namespace",
            "can load another kernel for the host's next boot",
            "kexec_load(2)",
            "CAP_SYS_BOOT, or seccomp=unconfined",
            h ->
                    h.lacksDefaultSeccompProfile()
                            ? capability(true, Capability.SYS_BOOT).apply(h)
                            : List.of()),

    SYS_PTRACE(
            "CAP_SYS_PTRACE with the host's processes",
            "the container has the capability and one of these: `--pid host`; the PID namespace of"
                    + " a container with `--pid host`; a mount of a procfs that is not its own,"
                    + " such as a bind of the host's `/proc`, even with `:ro`. Not in a user"
                    + " namespace",
            "can control any process of the host",
            "ptrace(2), `/proc/PID/root` in proc_pid_root(5)",
            "CAP_SYS_PTRACE, or access to the host's processes",
            h ->
                    h.seesHostProcesses() && h.isHostRoot() && h.has(Capability.SYS_PTRACE)
                            ? List.of("it has CAP_SYS_PTRACE and sees the host's processes")
                            : List.of()),

    HOST_PROCESSES(
            "The host's processes without CAP_SYS_PTRACE",
            "as in the row above, without the capability; not if the engine's own AppArmor or"
                    + " SELinux profile is known to confine the container",
            "can reach all files of a process on the host or in another container through the"
                    + " process's `/proc/PID/root`, if the process has the same user and group ids"
                    + " and no capability that the container lacks; with CAP_SETUID and CAP_SETGID"
                    + " it can take on the ids of any process",
            "ptrace(2), \"Ptrace access mode checking\"",
            "access to the host's processes",
            h ->
                    h.seesHostProcesses()
                                    && h.isHostRoot()
                                    && !h.isConfined()
                                    && !h.has(Capability.SYS_PTRACE)
                            ? List.of(
                                    h.has(Capability.SETUID) && h.has(Capability.SETGID)
                                            ? "it sees the host's processes and can take the ids of"
                                                    + " their users"
                                            : "it sees the host's processes and can reach those of"
                                                    + " its user")
                            : List.of()),

    SHARED_PROCESSES(
            "Another container's processes",
            "with `--pid container:NAME`; not in a user namespace",
            "can reach the mounts of the other container through the `/proc/PID/root` of a process"
                    + " that has the same ids and no capability that the container lacks; with"
                    + " CAP_SYS_PTRACE it can control the other container's processes",
            "ptrace(2), \"Ptrace access mode checking\"",
            "the PID namespace of another container",
            h ->
                    h.isolation().pidMode().startsWith("container:")
                                    && !h.seesHostProcesses()
                                    && h.isHostRoot()
                            ? List.of(
                                    "it can reach the mounts of another container through its"
                                            + " processes")
                            : List.of()),

    DEVICE(
            "A device that gives access to a disk or to memory",
            "`--device` with write permission: a block device other than an optical drive, SCSI"
                    + " generic (`sg`, `bsg`), NVMe, MTD, `/dev/mem`, `/dev/kmem`, `/dev/port`;"
                    + " also through links and in directories",
            "can change the disk or memory directly, bypassing all mounts",
            "sd(4), mem(4), `Documentation/admin-guide/devices.txt` of the kernel",
            "the device, or permission to write to it (--device PATH:PATH:r)",
            h ->
                    new WritableHostDevices(h)
                            .devices(Risk.DANGEROUS, "it can write to the device %s")),

    DEVICE_RULE(
            "A device rule that covers such a device",
            "`--device-cgroup-rule` with `w`, such as `b 7:* rwm`; with CAP_MKNOD the container can"
                    + " create the device node, and without it an image or a volume can contain one",
            "can change the disk or memory directly, bypassing all mounts",
            "mknod(2), `Documentation/admin-guide/cgroup-v1/devices.rst` of the kernel",
            "the device rule",
            h ->
                    new WritableHostDevices(h)
                            .rules(
                                    Risk.DANGEROUS,
                                    "its device rule \"%s\" lets it write to disks or memory")),

    WRITABLE_SYSCTLS(
            "`/proc/sys` writable",
            "the mount table has a procfs, at any path, in which `/proc/sys` is writable"
                    + " (`systempaths=unconfined`, Podman's `unmask=ALL`), or there is no mount"
                    + " table and `HostConfig.ReadonlyPaths` does not have `/proc/sys`; not in a"
                    + " user namespace",
            "can make the host's kernel run a program as root",
            "proc_sys_kernel(5): `core_pattern`, `modprobe`; core(5)",
            "systempaths=unconfined, or the writable procfs",
            h -> new WritableKernelMounts(h).sysctls()),

    WRITABLE_SYSFS(
            "sysfs writable",
            "any mount of its root, of `/kernel` or of `/module` is writable; not in a user namespace",
            "can make the host's kernel run a program as root, and can change module parameters",
            "sysfs(5), `/sys/kernel/uevent_helper` in `Documentation/ABI` of the kernel",
            "the writable sysfs",
            h -> new WritableKernelMounts(h).sysfs()),

    WRITABLE_CGROUPS(
            "Control groups writable beyond the container's own",
            "any mount of cgroup v1 or v2 that shows more than the container's own subtree is writable;"
                    + " not in a user namespace",
            "can make the kernel run a program as root (v1), and can escape its own device limits",
            "cgroups(7): `release_agent`; CVE-2022-0492",
            "the writable control groups",
            h -> new WritableKernelMounts(h).cgroups()),

    WRITABLE_KERNEL(
            "debugfs, tracefs, configfs, securityfs, bpf, binfmt_misc or efivarfs writable",
            "any mount of one is writable; not in a user namespace",
            "can change the host's kernel or its boot settings, as root on the host can",
            "`Documentation/filesystems/debugfs.rst`, `configfs.rst`, `efivarfs.rst`,"
                    + " `admin-guide/binfmt-misc.rst` and `trace/ftrace.rst` of the kernel",
            "the writable kernel filesystem",
            h -> new WritableKernelMounts(h).otherFilesystems()),

    ENGINE_SOCKET(
            "An engine's socket",
            "the socket, or a directory that contains it, is mounted, `:ro` or not",
            "can start another container with any privilege",
            "Docker's documentation, \"Docker daemon attack surface\"",
            "the socket",
            h ->
                    h.mounts().stream()
                            .filter(JudgedMount::hasEngineSocket)
                            .map(m -> "it can reach an engine's socket at " + m.mountPoint())
                            .toList()),

    HOST_ROOT(
            "The host's `/`",
            "in a bind, `:ro` or not",
            "can reach every socket and secret of the host",
            "CIS Docker Benchmark 5.5",
            "the mount of the host's root",
            h ->
                    h.mounts().stream()
                            .filter(m -> m.hostPaths().contains("/"))
                            .map(m -> "it has the host's / mounted at " + m.mountPoint())
                            .toList());

    /// A power that a container was found to have.
    ///
    /// @param description a clause, such as `it has CAP_SYS_ADMIN`
    record Found(DangerousPrivilege power, String description) {
        Found {
            requireNonNull(power);
            requireNonNull(description);
        }

        String evidence() {
            return "power: " + description + ": it " + power.effect + " (" + power.source + ")";
        }
    }

    private final String title;
    private final String condition;
    private final String effect;
    private final String source;
    private final String remedy;
    private final Function<PrivilegeFacts, List<String>> detector;

    /// @param condition when a container has it
    /// @param effect what a container can do with it: the rest of a sentence that begins with "it"
    /// @param source the manual or advisory that this rests on
    /// @param remedy what to remove
    DangerousPrivilege(
            String title,
            String condition,
            String effect,
            String source,
            String remedy,
            Function<PrivilegeFacts, List<String>> detector) {
        this.title = title;
        this.condition = condition;
        this.effect = effect;
        this.source = source;
        this.remedy = remedy;
        this.detector = detector;
    }

    /// The row of the table in docs/findings.md.
    String toMarkdownRow() {
        return "| " + String.join(" | ", title, condition, effect, source, remedy) + " |";
    }

    String remedy() {
        return remedy;
    }

    /// All powers that a container has.
    static List<Found> of(PrivilegeFacts holder) {
        return Arrays.stream(values())
                .filter(p -> !holder.container().privileged() || p.isIndependentOfPrivileged())
                .flatMap(p ->
                        p.detector.apply(holder).stream()
                                .map(description -> new Found(p, description)))
                .toList();
    }

    private boolean isIndependentOfPrivileged() {
        return this == PRIVILEGED || this == ENGINE_SOCKET || this == HOST_ROOT;
    }

    /// A sentence for each device, mount or setting of which it is not known whether it is a power.
    static List<String> undecided(PrivilegeFacts holder) {
        WritableHostDevices devices = new WritableHostDevices(holder);
        return Stream.of(
                        devices.devices(
                                Risk.UNKNOWN,
                                "it is not known whether the device %s gives access to a disk or to"
                                        + " memory"),
                        devices.rules(
                                Risk.UNKNOWN,
                                "it is not known which devices the device rule \"%s\" covers"),
                        new WritableKernelMounts(holder).undecided(),
                        holder.maySeeHostProcesses()
                                ? List.of(
                                        "it is not known whether the processes that it shares with"
                                                + " another container are the host's, because the"
                                                + " kernel was not probed")
                                : List.<String>of())
                .flatMap(List::stream)
                .toList();
    }

    private static Function<PrivilegeFacts, List<String>> capability(
            boolean needsHostRoot, Capability... needed) {
        return h ->
                (h.isHostRoot() || !needsHostRoot) && Arrays.stream(needed).allMatch(h::has)
                        ? List.of(
                                "it has "
                                        + String.join(
                                                " and ",
                                                Arrays.stream(needed)
                                                        .map(c -> "CAP_" + c)
                                                        .toList()))
                        : List.of();
    }
}
