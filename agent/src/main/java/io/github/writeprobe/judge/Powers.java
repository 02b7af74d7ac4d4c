package io.github.writeprobe.judge;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.judge.DeviceKinds.Risk;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The powers by which a container can undo that its root filesystem is read-only, or take hold of
/// the machine that keeps it so. docs/findings.md has the same rows, and says of what else was
/// considered why it is none.
///
/// Privileged mode brings most of the others along; then these are not named besides.
enum Powers {
    PRIVILEGED(
            "Privileged mode",
            "`HostConfig.Privileged`",
            "has nearly all of the below, and neither seccomp nor masks",
            "docker-run(1), `--privileged`",
            "privileged mode",
            h -> h.container().privileged() ? List.of("it is privileged") : List.of()),

    SYS_ADMIN(
            "CAP_SYS_ADMIN",
            "declared, or in the bounding set; in a user namespace too",
            "remounts the root filesystem writable",
            "mount(2), capabilities(7)",
            "CAP_SYS_ADMIN",
            capability(false, Capability.SYS_ADMIN)),

    SYS_MODULE(
            "CAP_SYS_MODULE",
            "declared, or in the bounding set; not in a user namespace",
            "puts code of its own into the machine's kernel",
            "init_module(2)",
            "CAP_SYS_MODULE",
            capability(true, Capability.SYS_MODULE)),

    SYS_RAWIO(
            "CAP_SYS_RAWIO",
            "declared, or in the bounding set; not in a user namespace",
            "talks to disks and memory by I/O ports, past the kernel",
            "iopl(2), ioperm(2), capabilities(7)",
            "CAP_SYS_RAWIO",
            capability(true, Capability.SYS_RAWIO)),

    DAC_READ_SEARCH(
            "CAP_DAC_READ_SEARCH",
            "declared, or in the bounding set; not in a user namespace",
            "opens any file of the host's filesystem by its handle, through any file of it that is"
                    + " mounted: each container has `/etc/hosts` of it",
            "open_by_handle_at(2)",
            "CAP_DAC_READ_SEARCH",
            capability(true, Capability.DAC_READ_SEARCH)),

    BPF(
            "CAP_BPF with CAP_PERFMON",
            "both declared, or in the bounding set; not in a user namespace",
            "reads the kernel's memory, and has system calls of others, of the engine too, return"
                    + " what it likes without being made",
            "bpf(2), capabilities(7), `BPF_MODIFY_RETURN` in the kernel's `kernel/bpf/verifier.c`",
            "CAP_BPF or CAP_PERFMON",
            capability(true, Capability.BPF, Capability.PERFMON)),

    SYS_BOOT(
            "CAP_SYS_BOOT without the engine's seccomp filter",
            "declared, or in the bounding set, and seccomp is `unconfined`, somebody's own, or off;"
                    + " not in a user namespace",
            "loads another kernel for the machine's next start",
            "kexec_load(2)",
            "CAP_SYS_BOOT, or seccomp=unconfined",
            h ->
                    h.lacksDefaultSeccompProfile()
                            ? capability(true, Capability.SYS_BOOT).apply(h)
                            : List.of()),

    SYS_PTRACE(
            "CAP_SYS_PTRACE with the machine's processes",
            "with `--pid host`, or the PID namespace of a container that has it, or any procfs that is"
                    + " mounted besides the container's own, as the host's `/proc` in a bind, `:ro` or"
                    + " not; not in a user namespace",
            "makes any process of the machine do what it likes",
            "ptrace(2), `/proc/PID/root` in proc_pid_root(5)",
            "CAP_SYS_PTRACE, or the sight of the machine's processes",
            h ->
                    h.seesHostProcesses() && h.isHostRoot() && h.has(Capability.SYS_PTRACE)
                            ? List.of("it has CAP_SYS_PTRACE and sees the machine's processes")
                            : List.of()),

    HOST_PROCESSES(
            "CAP_SETUID and CAP_SETGID with the machine's processes",
            "as before; not where the engine's own AppArmor or SELinux profile is known to confine it",
            "takes the ids of a process without capabilities, and goes through its `/proc/PID/root`"
                    + " into the host's filesystem, with its own CAP_DAC_OVERRIDE",
            "ptrace(2), \"Ptrace access mode checking\"",
            "the sight of the machine's processes, or CAP_SETUID and CAP_SETGID",
            h ->
                    h.seesHostProcesses()
                                    && h.isHostRoot()
                                    && !h.isConfined()
                                    && !h.has(Capability.SYS_PTRACE)
                                    && h.has(Capability.SETUID)
                                    && h.has(Capability.SETGID)
                            ? List.of(
                                    "it sees the machine's processes and can take the ids of their"
                                            + " users")
                            : List.of()),

    SHARED_PROCESSES(
            "CAP_SYS_PTRACE, or CAP_SETUID and CAP_SETGID, with another container's processes",
            "with `--pid container:NAME`; not in a user namespace",
            "goes through `/proc/PID/root` into all that the other container has mounted, and with"
                    + " CAP_SYS_PTRACE makes its processes do what they can",
            "ptrace(2), \"Ptrace access mode checking\"",
            "the PID namespace of another container",
            h ->
                    h.isolation().pidMode().startsWith("container:")
                                    && !h.seesHostProcesses()
                                    && h.isHostRoot()
                                    && (h.has(Capability.SYS_PTRACE)
                                            || (h.has(Capability.SETUID)
                                                    && h.has(Capability.SETGID)))
                            ? List.of("it reaches the mounts of another container by its processes")
                            : List.of()),

    DEVICE(
            "A device that leads to a disk or to memory",
            "`--device` with write permission: a block device but an optical drive, SCSI generic"
                    + " (`sg`, `bsg`), NVMe, MTD, `/dev/mem`, `/dev/kmem`, `/dev/port`; behind links and in"
                    + " directories too",
            "writes to the filesystem below all mounts",
            "sd(4), mem(4), `Documentation/admin-guide/devices.txt` of the kernel",
            "the device, or permission to write to it (--device PATH:PATH:r)",
            h -> new DeclaredDevices(h).devices(Risk.DANGEROUS, "it may write to the device %s")),

    DEVICE_RULE(
            "A device rule that covers such a device",
            "`--device-cgroup-rule` with `w`, such as `b 7:* rwm`; with CAP_MKNOD it makes the node, and"
                    + " without it an image or a volume can bring one along",
            "writes to the filesystem below all mounts",
            "mknod(2), `Documentation/admin-guide/cgroup-v1/devices.rst` of the kernel",
            "the device rule",
            h ->
                    new DeclaredDevices(h)
                            .rules(
                                    Risk.DANGEROUS,
                                    "its device rule \"%s\" lets it write to disks or memory")),

    WRITABLE_SYSCTLS(
            "`/proc/sys` writable",
            "a procfs through which it is writable is mounted anywhere (`systempaths=unconfined`,"
                    + " Podman's `unmask=ALL`), or without any mount table, `HostConfig.ReadonlyPaths` is empty;"
                    + " not in a user namespace",
            "names a program that the machine's kernel runs as root",
            "proc_sys_kernel(5): `core_pattern`, `modprobe`; core(5)",
            "systempaths=unconfined, or the writable procfs",
            h -> new WritableKernelMounts(h).sysctls()),

    WRITABLE_SYSFS(
            "sysfs writable",
            "any mount of its root, of `/kernel` or of `/module` is writable; not in a user namespace",
            "names a program that the machine's kernel runs as root, and sets what modules do",
            "sysfs(5), `/sys/kernel/uevent_helper` in `Documentation/ABI` of the kernel",
            "the writable sysfs",
            h -> new WritableKernelMounts(h).sysfs()),

    WRITABLE_CGROUPS(
            "Control groups writable beyond the container's own",
            "any mount of cgroup v1 or v2 that shows more than the container's own subtree is writable;"
                    + " not in a user namespace",
            "names a program that the kernel runs as root (v1), and leaves its own limits on devices",
            "cgroups(7): `release_agent`; CVE-2022-0492",
            "the writable control groups",
            h -> new WritableKernelMounts(h).cgroups()),

    WRITABLE_KERNEL(
            "debugfs, tracefs, configfs, securityfs, bpf, binfmt_misc or efivarfs writable",
            "any mount of one is writable; not in a user namespace",
            "changes the machine's kernel or its start, as root of the machine does",
            "`Documentation/filesystems/debugfs.rst`, `configfs.rst`, `efivarfs.rst`,"
                    + " `admin-guide/binfmt-misc.rst` and `trace/ftrace.rst` of the kernel",
            "the writable kernel filesystem",
            h -> new WritableKernelMounts(h).otherFilesystems()),

    ENGINE_SOCKET(
            "An engine's socket",
            "mounted, `:ro` or not, or in a directory that is",
            "starts another container that may do anything",
            "Docker's documentation, \"Docker daemon attack surface\"",
            "the socket",
            h ->
                    h.mounts().stream()
                            .filter(Mount::hasEngineSocket)
                            .map(m -> "it can reach an engine's socket at " + m.mountPoint())
                            .toList()),

    HOST_ROOT(
            "The host's `/`",
            "in a bind, `:ro` or not",
            "reaches every socket and secret of the host",
            "CIS Docker Benchmark 5.5",
            "the mount of the host's root",
            h ->
                    h.mounts().stream()
                            .filter(m -> m.hostPaths().contains("/"))
                            .map(m -> "it sees the host's whole filesystem at " + m.mountPoint())
                            .toList());

    /// One that a container was found to hold.
    ///
    /// @param description what it has, in a clause
    record Found(Powers power, String description) {
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
    private final Function<PowerHolder, List<String>> detector;

    /// @param condition when it counts
    /// @param effect what it lets the container do: "it ..."
    /// @param source the manual or advisory that this rests on
    /// @param remedy what to drop
    Powers(
            String title,
            String condition,
            String effect,
            String source,
            String remedy,
            Function<PowerHolder, List<String>> detector) {
        this.title = title;
        this.condition = condition;
        this.effect = effect;
        this.source = source;
        this.remedy = remedy;
        this.detector = detector;
    }

    /// Its row in docs/findings.md.
    String toMarkdownRow() {
        return "| " + String.join(" | ", title, condition, effect, source, remedy) + " |";
    }

    String remedy() {
        return remedy;
    }

    /// All that a container holds.
    static List<Found> of(PowerHolder holder) {
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

    /// Of what nobody can say whether it is one, a sentence each.
    static List<String> undecided(PowerHolder holder) {
        DeclaredDevices devices = new DeclaredDevices(holder);
        return Stream.of(
                        devices.devices(
                                Risk.UNKNOWN,
                                "whether the device %s is one that leads to a disk or to memory is not known"),
                        devices.rules(
                                Risk.UNKNOWN,
                                "what devices its device rule \"%s\" covers is not known"),
                        new WritableKernelMounts(holder).undecided(),
                        holder.maySeeHostProcesses()
                                ? List.of(
                                        "whether the processes that it shares with another container"
                                                + " are the machine's, the kernel was not asked")
                                : List.<String>of())
                .flatMap(List::stream)
                .toList();
    }

    private static Function<PowerHolder, List<String>> capability(
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
