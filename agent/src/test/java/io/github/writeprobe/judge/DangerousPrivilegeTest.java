package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.INCONCLUSIVE;
import static io.github.writeprobe.judge.JudgeCase.SPECIAL;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.DeviceNode;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What lets a container undo a read-only root filesystem, and what does not.
class DangerousPrivilegeTest {
    private static final Path FINDINGS = Path.of("../docs/findings.md");
    private static final String ID = "0123456789abcdef";

    /// A container with the usual mounts, probed by `exec`.
    private static JudgeCase execOnly() {
        return mounted(JudgeCase.readOnly().observed("/", EROFS));
    }

    /// The same, probed by `procfs`.
    private static JudgeCase kernelAsked() {
        return mounted(JudgeCase.readOnly().kernelObserved(ProbeIdentity.ROOT, 0, "/", EROFS));
    }

    private static JudgeCase mounted(JudgeCase c) {
        return c.line("201 100 0:99 / /proc rw - proc proc rw")
                .line("202 201 0:99 /sys /proc/sys ro - proc proc rw")
                .line("203 100 0:100 / /dev rw - tmpfs tmpfs rw")
                .line("204 203 0:101 / /dev/pts rw - devpts devpts rw")
                .line("205 203 0:102 / /dev/mqueue rw - mqueue mqueue rw")
                .line("206 100 0:103 / /sys ro - sysfs sysfs ro")
                .line("207 206 0:104 / /sys/fs/cgroup ro - cgroup2 cgroup rw")
                .line("208 201 0:100 /null /proc/keys rw - tmpfs tmpfs rw");
    }

    private static DeclaredIsolation isolation(String pidMode, String... securityOptions) {
        return DeclaredIsolation.DEFAULT.toBuilder()
                .pidMode(pidMode)
                .securityOptions(Arrays.asList(securityOptions))
                .build();
    }

    private static DeclaredIsolation devices(String onHost, String permissions, String... rules) {
        return DeclaredIsolation.DEFAULT.toBuilder()
                .devices(
                        onHost.isEmpty()
                                ? List.of()
                                : List.of(
                                        new DeclaredIsolation.Device(
                                                onHost, "/dev/x", permissions)))
                .deviceRules(Arrays.asList(rules))
                .build();
    }

    private static KernelFacts facts(boolean userNamespace, Capability... boundingSet) {
        return KernelFacts.NONE.toBuilder()
                .boundingSet(
                        OptionalLong.of(
                                Arrays.stream(boundingSet).mapToLong(Capability::bit).sum()))
                .userNamespace(userNamespace)
                .build();
    }

    private static String bypassable(ContainerReport report) {
        return report.findings().stream()
                .filter(f -> f.kind() == FindingKind.BYPASSABLE)
                .map(Finding::message)
                .map(m -> m.substring(m.indexOf("undo that: ") + "undo that: ".length()))
                .collect(joining());
    }

    private static void assertCompliant(JudgeCase c) {
        ContainerReport report = c.judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.unproved()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    // The table

    @Test
    void theDocumentsHaveEveryRow() throws IOException {
        String table =
                Arrays.stream(DangerousPrivilege.values())
                        .map(DangerousPrivilege::toMarkdownRow)
                        .collect(joining("\n"));
        assertThat(Files.readString(FINDINGS)).contains(table + "\n\n");
    }

    @ParameterizedTest
    @EnumSource
    void theDocumentsDecideEveryCapability(Capability capability) throws IOException {
        String name = "CAP_" + capability.name();
        List<String> rows =
                Files.readAllLines(FINDINGS).stream()
                        .filter(line -> line.startsWith("| "))
                        .map(line -> line.split("\\|", 3)[1])
                        .filter(cell -> (cell + " ").matches(".*\\b" + name + "\\b.*"))
                        .toList();
        assertThat(rows).isNotEmpty();
    }

    @Test
    void everyPowerIsNamedAtOnceWithHowToTakeItAwayAndWhatItRestsOn() {
        Finding finding =
                execOnly()
                        .capability("SYS_ADMIN")
                        .capability("SYS_MODULE")
                        .isolation(devices("/dev/sda", "rwm"))
                        .judge()
                        .findings()
                        .getFirst();
        assertThat(finding.message())
                .endsWith(
                        "it has CAP_SYS_ADMIN, it has CAP_SYS_MODULE, it can write to the device"
                                + " /dev/sda");
        assertThat(finding.remedy())
                .contains("CAP_SYS_ADMIN; CAP_SYS_MODULE; the device, or permission to write");
        assertThat(finding.evidence())
                .anyMatch(e -> e.contains("it has CAP_SYS_MODULE") && e.contains("init_module(2)"));
    }

    @Test
    void privilegedModeIsNotTakenApart() {
        JudgeCase c =
                execOnly()
                        .privileged()
                        .capability("SYS_ADMIN")
                        .isolation(isolation("host"))
                        .line("210 206 0:103 / /sys rw - sysfs sysfs rw")
                        .line("211 100 0:50 / /run/docker.sock rw - tmpfs tmpfs rw");
        assertThat(bypassable(c.judge())).isEqualTo("it is privileged");
    }

    @Test
    void whereTheRootFilesystemMayBeWrittenNoPowerIsNeeded() {
        assertThat(bypassable(execOnly().capability("SYS_ADMIN").rule(Access.WRITABLE).judge()))
                .isEmpty();
        assertThat(bypassable(JudgeCase.writable().capability("SYS_ADMIN").judge())).isEmpty();
        assertThat(
                        execOnly()
                                .isolation(devices("/dev/odd", "rwm"))
                                .rule(Access.WRITABLE)
                                .judge()
                                .verdict())
                .isEqualTo(Verdict.COMPLIANT);
    }

    // Capabilities

    private static final Set<Capability> POWERFUL =
            Set.of(
                    Capability.SYS_ADMIN,
                    Capability.SYS_MODULE,
                    Capability.SYS_RAWIO,
                    Capability.DAC_READ_SEARCH);

    @ParameterizedTest
    @EnumSource
    void fourCapabilitiesArePowersByThemselves(Capability capability) {
        JudgeCase c = execOnly().capability(capability.name());
        if (POWERFUL.contains(capability)) {
            assertThat(bypassable(c.judge())).isEqualTo("it has CAP_" + capability);
        } else {
            assertCompliant(c);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKernelsBoundingSetCountsTooWhereNothingIsDeclared(Capability capability) {
        assertThat(bypassable(kernelAsked().facts(facts(false, capability)).judge()))
                .isEqualTo(POWERFUL.contains(capability) ? "it has CAP_" + capability : "");
    }

    @ParameterizedTest
    @EnumSource
    void inAUserNamespaceOnlyItsOwnMountsAreInReach(Capability capability) {
        assertThat(
                        bypassable(
                                kernelAsked()
                                        .facts(facts(true, capability))
                                        .capability(capability.name())
                                        .judge()))
                .isEqualTo(capability == Capability.SYS_ADMIN ? "it has CAP_SYS_ADMIN" : "");
        assertThat(bypassable(kernelAsked().facts(facts(true, capability)).judge())).isEmpty();
    }

    @Test
    void bpfTakesPerfmonToReachTheKernel() {
        assertThat(bypassable(execOnly().capability("BPF").capability("PERFMON").judge()))
                .isEqualTo("it has CAP_BPF and CAP_PERFMON");
    }

    @ParameterizedTest
    @CsvSource({
        "seccomp=unconfined, true",
        "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}, true",
        "seccomp:unconfined, true",
        "seccomp=builtin, false",
        "apparmor=unconfined, false"
    })
    void anotherKernelIsLoadedOnlyPastTheEnginesSeccomp(String option, boolean power) {
        assertThat(
                        bypassable(
                                execOnly()
                                        .capability("SYS_BOOT")
                                        .isolation(isolation("", option))
                                        .judge()))
                .isEqualTo(power ? "it has CAP_SYS_BOOT" : "");
    }

    @Test
    void theKernelKnowsWhereThereIsNoSeccompAtAll() {
        KernelFacts none = KernelFacts.NONE.toBuilder().seccompUnconfined(true).build();
        assertThat(bypassable(kernelAsked().facts(none).capability("SYS_BOOT").judge()))
                .isEqualTo("it has CAP_SYS_BOOT");
    }

    // Processes

    @ParameterizedTest
    @CsvSource({
        "host,           SYS_PTRACE, it has CAP_SYS_PTRACE and sees the host's processes",
        "container:1234, SYS_PTRACE, it can reach the mounts of another container through its processes",
        "'',             SYS_PTRACE, ''",
        "container:1234, '',         it can reach the mounts of another container through its processes",
        "host,           '',         it sees the host's processes and can reach those of its user",
    })
    void ptraceIsAPowerWhereOtherProcessesAreVisible(
            String pidMode, String capability, String expected) {
        JudgeCase c = execOnly().isolation(isolation(pidMode));
        if (!capability.isEmpty()) {
            c.capability(capability);
        }
        assertThat(bypassable(c.judge())).isEqualTo(expected.replace("''", "'"));
    }

    @Test
    void theHostsProcShowsTheMachinesProcessesToo() {
        JudgeCase c =
                execOnly()
                        .capability("SYS_PTRACE")
                        .mount("/host/proc", MountKind.BIND, "/proc", false);
        assertThat(bypassable(c.observed("/host/proc", EROFS).judge()))
                .isEqualTo("it has CAP_SYS_PTRACE and sees the host's processes");
    }

    @Test
    void setuidAndSetgidWithHostProcessesArePower() {
        JudgeCase c =
                kernelAsked()
                        .capability("SETUID")
                        .capability("SETGID")
                        .isolation(isolation("host"))
                        .facts(facts(false));
        assertThat(bypassable(c.judge()))
                .isEqualTo("it sees the host's processes and can take the ids of their users");
        assertThat(bypassable(c.facts(facts(true)).judge())).isEmpty();
        assertThat(
                        bypassable(
                                c.facts(facts(false).withConfinement("docker-default (enforce)"))
                                        .judge()))
                .isEmpty();
        assertThat(bypassable(c.isolation(isolation("host", "apparmor=unconfined")).judge()))
                .isNotEmpty();
        assertThat(bypassable(c.facts(facts(false).withConfinement("mine (enforce)")).judge()))
                .isNotEmpty();
    }

    /// A process of the same user that has no more capabilities, as one of another container, is
    /// open to it.
    @Test
    void hostProcessesArePowerForEveryUserAndWithoutCapabilities() {
        for (String user : List.of("0", "1000")) {
            JudgeCase c = kernelAsked().user(user).isolation(isolation("host")).facts(facts(false));
            assertThat(bypassable(c.judge()))
                    .isEqualTo("it sees the host's processes and can reach those of its user");
        }
    }

    @Test
    void anyProcfsThatIsNotItsOwnMayShowTheMachinesProcesses() {
        for (String line :
                List.of(
                        "270 100 0:98 / /x/proc ro - proc proc rw",
                        "270 100 0:98 /1 /x ro - proc proc rw",
                        "270 100 0:98 /1/root /x ro - proc proc rw")) {
            assertThat(bypassable(kernelAsked().capability("SYS_PTRACE").line(line).judge()))
                    .isEqualTo("it has CAP_SYS_PTRACE and sees the host's processes");
        }
        assertCompliant(
                kernelAsked()
                        .capability("SYS_PTRACE")
                        .line("270 100 0:98 /tty /x ro - proc proc rw"));
    }

    @Test
    void theProcessesOfAnotherContainerMayBeTheMachines() {
        KernelFacts machines = KernelFacts.NONE.toBuilder().hostPidNamespace(true).build();
        DeclaredIsolation shared = isolation("container:1234");
        assertThat(
                        bypassable(
                                kernelAsked()
                                        .capability("SETUID")
                                        .capability("SETGID")
                                        .isolation(shared)
                                        .facts(machines)
                                        .judge()))
                .isEqualTo("it sees the host's processes and can take the ids of their users");
        assertThat(
                        bypassable(
                                kernelAsked()
                                        .capability("SETUID")
                                        .capability("SETGID")
                                        .isolation(shared)
                                        .judge()))
                .isEqualTo("it can reach the mounts of another container through its processes");
        assertThat(bypassable(kernelAsked().isolation(shared).judge()))
                .isEqualTo("it can reach the mounts of another container through its processes");
        ContainerReport inside =
                execOnly().capability("SETUID").capability("SETGID").isolation(shared).judge();
        assertThat(inside.findings()).hasSize(1);
        assertThat(inside.unproved().getFirst()).contains("the kernel was not probed");
    }

    // Devices

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/sda",
                "/dev/sda1",
                "/dev/vdb",
                "/dev/nvme0n1p2",
                "/dev/loop0",
                "/dev/dm-3",
                "/dev/mapper/vg-root",
                "/dev/disk/by-id/x",
                "/dev/sg0",
                "/dev/mem",
                "/dev/kmem",
                "/dev/port",
                "/dev/mtd0",
                "/dev/mmcblk0",
                "/dev",
                "/dev/",
                "/dev/bsg",
                "/dev/xvda1"
            })
    void diskAndMemoryDevicesAreRecognisedByName(String device) {
        assertThat(bypassable(execOnly().isolation(devices(device, "rwm")).judge()))
                .isEqualTo("it can write to the device " + device);
        assertThat(bypassable(execOnly().isolation(devices(device, "w")).judge())).isNotEmpty();
        assertThat(bypassable(execOnly().isolation(devices(device, "")).judge())).isNotEmpty();
        assertCompliant(execOnly().isolation(devices(device, "r")));
        assertCompliant(execOnly().isolation(devices(device, "rm")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/null",
                "/dev/fuse",
                "/dev/net/tun",
                "/dev/kvm",
                "/dev/dri",
                "/dev/dri/card0",
                "/dev/dri/renderD128",
                "/dev/snd",
                "/dev/snd/pcmC0D0p",
                "/dev/ttyUSB0",
                "/dev/ttyACM1",
                "/dev/ttyS0",
                "/dev/video0",
                "/dev/nvidia0",
                "/dev/nvidiactl",
                "/dev/nvidia-uvm",
                "/dev/serial/by-id/usb-x",
                "/dev/zero",
                "/dev/tty",
                "/dev/kfd"
            })
    void commonDevicesAreHarmless(String device) {
        assertCompliant(execOnly().isolation(devices(device, "rwm")));
    }

    /// Podman reports the first device of the host with the same numbers: 7:0 is `/dev/vcs`, and
    /// `/dev/loop0`.
    @Test
    void aDiskThatPodmanReportsUnderAnotherNameIsKnownByItsNameInTheContainer() {
        assertThat(bypassable(execOnly().isolation(device("/dev/vcs", "/dev/loop0", "")).judge()))
                .isEqualTo("it can write to the device /dev/loop0");
        assertCompliant(execOnly().isolation(device("/dev/tty1", "/dev/loop0", "rwm")));
        assertCompliant(execOnly().isolation(device("/dev/tty1", "/dev/special", "")));
    }

    private static DeclaredIsolation device(String onHost, String inContainer, String permissions) {
        return DeclaredIsolation.DEFAULT.toBuilder()
                .devices(List.of(new DeclaredIsolation.Device(onHost, inContainer, permissions)))
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/odd",
                "/tmp/sda",
                "/dev/dri/../sda",
                "/srv/dev/null",
                "",
                "/dev/./null",
                "/dev/input/event0",
                "/dev/bus/usb/001/002"
            })
    void unknownDeviceIsUnverified(String device) {
        ContainerReport report = execOnly().isolation(device(device, "/dev/x", "rwm")).judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved().getFirst()).contains("the device " + device + " gives access");
    }

    private static DeviceFacts at(String path, DeviceNode... nodes) {
        return new DeviceFacts(
                Map.of(path, Arrays.asList(nodes)),
                Map.of(240, "nvme", 241, "nvidia-uvm", 242, "mystery"),
                Map.of(58, "cpu_dma_latency", 59, "uinput"));
    }

    @ParameterizedTest
    @CsvSource({
        // path,       block, major, minor, worth
        "/dev/x,       true,  254,   0,     power",
        "/dev/null,    true,  8,     0,     power",
        "/tmp/link,    true,  7,     3,     power",
        "/dev/sr0,     true,  11,    0,     harmless",
        "/dev/x,       false, 21,    0,     power",
        "/dev/x,       false, 240,   0,     power",
        "/dev/x,       false, 1,     1,     power",
        "/dev/x,       false, 1,     4,     power",
        "/dev/x,       false, 1,     3,     harmless",
        "/dev/x,       false, 1,     99,    unknown",
        "/dev/x,       false, 10,    58,    harmless",
        "/dev/x,       false, 10,    229,   harmless",
        "/dev/x,       false, 10,    59,    unknown",
        "/dev/x,       false, 241,   0,     harmless",
        "/dev/x,       false, 242,   0,     unknown",
        "/dev/sda,     false, 188,   0,     harmless",
        "/dev/kvm,     false, 242,   0,     harmless",
        "/dev/x,       false, 13,    64,    unknown",
    })
    void theKernelKnowsADeviceByItsNumber(
            String path, boolean block, int major, int minor, String risk) {
        DeviceFacts found = at(path, new DeviceNode(block, major, minor));
        JudgeCase c = kernelAsked().isolation(devices(path, "rwm")).facts(facts(false).with(found));
        assertThat(bypassable(c.judge()))
                .isEqualTo(risk.equals("power") ? "it can write to the device " + path : "");
        assertThat(c.judge().unproved()).hasSize(risk.equals("unknown") ? 1 : 0);
    }

    @Test
    void ofADirectoryTheWorstDeviceCounts() {
        DeviceNode gpu = new DeviceNode(false, 226, 0);
        JudgeCase c = kernelAsked().isolation(devices("/dev/odd", "rwm"));
        assertCompliant(c.facts(facts(false).with(at("/dev/odd", gpu))));
        DeviceFacts disk = at("/dev/odd", gpu, new DeviceNode(true, 8, 0));
        assertThat(bypassable(c.facts(facts(false).with(disk)).judge())).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "b 7:* rwm,   power",
        "b 7:3 rw,    power",
        "b *:* w,     power",
        "a *:* rwm,   power",
        "a *:* r,     power",
        "c 21:* rwm,  power",
        "c *:* rwm,   power",
        "c 1:* rwm,   power",
        "c 1:1 rw,    power",
        "b 99999999999:* rwm, power",
        "b 7:* r,     harmless",
        "b 7:* rm,    harmless",
        "b *:* m,     harmless",
        "b 11:0 rw,   harmless",
        "c 1:3 rwm,   harmless",
        "c 188:* rmw, harmless",
        "c 10:200 rwm, harmless",
        "c 226:* rwm, harmless",
        "c 189:* rwm, unknown",
        "c 10:* rwm,  unknown",
        "c 511:0 rw,  unknown",
        "nonsense,    unknown",
    })
    void deviceRules(String rule, String risk) {
        ContainerReport report = execOnly().isolation(devices("", "", rule)).judge();
        assertThat(bypassable(report))
                .isEqualTo(
                        risk.equals("power")
                                ? "its device rule \""
                                        + rule
                                        + "\" lets it write to disks or memory"
                                : "");
        assertThat(report.unproved()).hasSize(risk.equals("unknown") ? 1 : 0);
    }

    // The kernel's filesystems

    @Test
    void sysctlsAreOpenWhereNothingReadOnlyLiesOverThem() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .line("201 100 0:99 / /proc rw - proc proc rw");
        assertThat(bypassable(c.judge())).isEqualTo("it can write to /proc/sys");
        assertThat(
                        bypassable(
                                execOnly()
                                        .line("220 202 0:99 /sys /proc/sys rw - proc proc rw")
                                        .judge()))
                .isEqualTo("it can write to /proc/sys");
    }

    @Test
    void withoutATableTheDeclarationOfReadOnlyPathsCounts() {
        DeclaredIsolation open =
                DeclaredIsolation.DEFAULT.toBuilder().readonlyPaths(Optional.of(List.of())).build();
        assertThat(bypassable(JudgeCase.readOnly().withoutTable().isolation(open).judge()))
                .isEqualTo("its /proc/sys is declared writable");
        assertCompliant(execOnly().isolation(open));
        DeclaredIsolation masked =
                DeclaredIsolation.DEFAULT.toBuilder()
                        .readonlyPaths(Optional.of(List.of("/proc/bus", "/proc/sys")))
                        .build();
        assertThat(bypassable(JudgeCase.readOnly().withoutTable().isolation(masked).judge()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // root,            mount point,     filesystem,  power
        "/,                 /x,              debugfs,     it can write to the debugfs at /x",
        "/,                 /x,              tracefs,     it can write to the tracefs at /x",
        "/a,                /x,              configfs,    it can write to the configfs at /x",
        "/,                 /x,              securityfs,  it can write to the securityfs at /x",
        "/,                 /x,              bpf,         it can write to the bpf at /x",
        "/,                 /x,              binfmt_misc, it can write to the binfmt_misc at /x",
        "/,                 /x,              efivarfs,    it can write to the efivarfs at /x",
        "/,                 /x,              sysfs,       it can write to the sysfs at /x",
        "/kernel,           /x,              sysfs,       it can write to the sysfs at /x",
        "/class/leds,       /x,              sysfs,       ''",
        "/,                 /x,              cgroup2,     it can write to control groups other than its own at /x",
        "/system.slice,     /x,              cgroup,      it can write to control groups other than its own at /x",
        "/docker/0123456789abcdef, /x,       cgroup2,     ''",
        "/,                 /x,              proc,        'it sees the host''s processes and can reach those of its user, it can write to /x/sys'",
        "/sys,              /x,              proc,        it can write to /x",
        "/sys/kernel,       /x,              proc,        it can write to /x",
        "/tty,              /x,              proc,        ''",
        "/,                 /x,              mqueue,      ''",
        "/,                 /x,              pstore,      ''",
    })
    void aWritableKernelFilesystemOutsideTheEnginesPlacesIsUndeclared(
            String root, String at, String filesystem, String power) {
        String line = "230 100 0:77 %s %s %s - %s none rw";
        ContainerReport report =
                kernelAsked().line(line.formatted(root, at, "rw", filesystem)).judge();
        assertThat(bypassable(report)).isEqualTo(power);
        assertThat(report.findings())
                .filteredOn(f -> f.kind() == FindingKind.UNDECLARED)
                .extracting(Finding::path)
                .containsExactly(at);
        JudgeCase readOnly = kernelAsked().line(line.formatted(root, at, "ro", filesystem));
        if (power.contains("processes")) {
            // Read-only or not, it shows them.
            assertThat(bypassable(readOnly.judge())).doesNotContain("write");
        } else {
            assertCompliant(readOnly);
        }
        assertThat(
                        bypassable(
                                kernelAsked()
                                        .facts(facts(true))
                                        .line(line.formatted(root, at, "rw", filesystem))
                                        .judge()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nsfs", "autofs"})
    void whereNothingCanBeWrittenItDoesNotMatterThatItIsMountedWritable(String filesystem) {
        assertCompliant(kernelAsked().line("230 100 0:77 / /x rw - " + filesystem + " none rw"));
    }

    @Test
    void itsOwnControlGroupsMayBeWritable() {
        String line = "240 207 0:104 %s /sys/fs/cgroup/own rw - cgroup2 cgroup rw";
        assertCompliant(
                kernelAsked().line(line.formatted("/system.slice/docker-" + ID + ".scope")));
        assertCompliant(kernelAsked().line(line.formatted("/../" + ID)));
        assertThat(bypassable(kernelAsked().line(line.formatted("/")).judge()))
                .isEqualTo(
                        "it can write to control groups other than its own at /sys/fs/cgroup/own");
        assertThat(bypassable(kernelAsked().line(line.formatted("/..")).judge())).isNotEmpty();
        // In a table that was read in the container, `/` may be its own cgroup.
        ContainerReport inside = execOnly().line(line.formatted("/")).judge();
        assertThat(inside.findings()).isEmpty();
        assertThat(inside.unproved().getFirst()).contains("the kernel was not probed");
    }

    @Test
    void aMountBelowAReadOnlyBindIsNoMoreReadOnlyThanItIs() {
        ContainerReport report =
                kernelAsked()
                        .mount("/s", MountKind.BIND, "/srv/dir", false)
                        .kernelObserved(ProbeIdentity.ROOT, 0, "/s", EROFS)
                        .line("250 109 0:30 / /s/c rw - cgroup2 cgroup rw")
                        .judge();
        assertThat(report.findings())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(FindingKind.BYPASSABLE, FindingKind.UNDECLARED);
    }

    // Masks

    private static final String OTHER = "260 201 0:55 /null /proc/tty rw - tmpfs tmpfs rw";
    private static final String SAME = "260 201 0:100 /null /proc/tty rw - tmpfs tmpfs rw";

    @Test
    void aDirectoryThatIsCalledNullIsNoMask() {
        assertThat(execOnly().line(OTHER).judge().findings())
                .extracting(Finding::path)
                .containsExactly("/proc/tty");
        assertThat(
                        kernelAsked()
                                .line(OTHER)
                                .kernelObserved(ProbeIdentity.ROOT, 0, "/proc/tty", WRITABLE)
                                .judge()
                                .findings())
                .extracting(Finding::path)
                .containsExactly("/proc/tty");
        for (WriteResult seen : List.of(WRITABLE, INCONCLUSIVE)) {
            assertThat(
                            kernelAsked()
                                    .line(SAME)
                                    .kernelObserved(ProbeIdentity.ROOT, 0, "/proc/tty", seen)
                                    .judge()
                                    .findings())
                    .extracting(Finding::path)
                    .containsExactly("/proc/tty");
        }
    }

    @Test
    void theContainersOwnNullIsAMask() {
        assertCompliant(execOnly().line(SAME));
        assertCompliant(
                kernelAsked()
                        .line(SAME)
                        .kernelObserved(ProbeIdentity.ROOT, 0, "/proc/tty", SPECIAL));
        assertCompliant(execOnly().line("260 201 0:5 /null /proc/tty rw - devtmpfs devtmpfs rw"));
    }

    @Test
    void aMaskStaysOneWhenTheContainersNullIsRemoved() {
        String removed = SAME.replace("/null", "/null//deleted");
        assertCompliant(execOnly().line(removed));
        assertCompliant(
                kernelAsked()
                        .line(removed)
                        .kernelObserved(ProbeIdentity.ROOT, 0, "/proc/tty", SPECIAL));
        assertThat(
                        kernelAsked()
                                .line(removed)
                                .kernelObserved(ProbeIdentity.ROOT, 0, "/proc/tty", WRITABLE)
                                .judge()
                                .findings())
                .extracting(Finding::path)
                .containsExactly("/proc/tty");
    }

    @Test
    void onlyATmpfsHoldsTheHierarchiesOfControlGroups() {
        JudgeCase c =
                JudgeCase.readOnly().observed("/", EROFS).table("/sys/fs/cgroup", "ext4", "rw");
        assertThat(c.judge().findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.UNDECLARED);
    }
}
