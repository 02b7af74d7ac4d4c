package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.SPECIAL;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
    private static Finding only(ContainerReport report) {
        assertThat(report.findings()).hasSize(1);
        return report.findings().getFirst();
    }

    private static PathReport path(ContainerReport report, String path) {
        return report.paths().stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow();
    }

    private static Waiver waiver(String expires, FindingKind... kinds) {
        return new Waiver(
                ContainerSelector.ANY,
                Set.of(kinds),
                List.of("/"),
                new WaiverNote(
                        "vendor image",
                        "payments",
                        Optional.of(expires)
                                .filter(e -> !e.isEmpty())
                                .map(java.time.LocalDate::parse)));
    }

    // Drift

    @Test
    void writesAllOverADriftedRootFilesystemAreOneFinding() {
        Finding f =
                only(
                        JudgeCase.readOnly()
                                .observed("/", EACCES)
                                .observed("/tmp", WRITABLE)
                                .observed("/etc", WRITABLE)
                                .judge());
        assertThat(f.kind()).isEqualTo(FindingKind.DRIFT);
        assertThat(f.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(f.path()).isEqualTo("/");
        assertThat(f.message())
                .isEqualTo(
                        "The root filesystem is declared read-only, but uid 1000 wrote to /tmp,"
                                + " /etc");
        assertThat(f.evidence())
                .contains(
                        "declared: HostConfig.ReadonlyRootfs=true",
                        "observed: exec as service (uid 1000) wrote to /tmp");
    }

    @Test
    void aWriteThatASymbolicLinkLedToAVolumeIsNoDriftOfTheRootFilesystem() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/data", MountKind.VOLUME, "data", true)
                        .observed("/data", WRITABLE)
                        .observed("/tmp", "/data/tmp", WRITABLE, new FileExecutionResult.Ran())
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(path(report, "/tmp").mountPoint()).isEqualTo("/data");
        assertThat(path(report, "/tmp").persistence()).isEqualTo(Persistence.VOLUME);
    }

    @Test
    void aMountDeclaredBehindASymbolicLinkIsFoundWhereItReallyIs() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/var/run/app", MountKind.TMPFS, "tmpfs", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/run/app", "tmpfs", "rw")
                        .observed(
                                "/var/run/app", "/run/app", WRITABLE, new FileExecutionResult.Ran())
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
        assertThat(path(report, "/var/run/app").kind()).isEqualTo(MountKind.TMPFS);
    }

    @Test
    void theHostsFileOfAReadOnlyContainerDriftsToo() {
        Finding f =
                only(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .table("/etc/hosts", "ext4", "rw")
                                .observed("/etc/hosts", WRITABLE)
                                .judge());
        assertThat(f.kind()).isEqualTo(FindingKind.DRIFT);
        assertThat(f.path()).isEqualTo("/etc/hosts");
    }

    /// The probe of a service that is not root is inconclusive, but the mount table is not.
    @Test
    void aHostsFileThatIsWritableInTheMountTableIsUnverified() {
        JudgeCase refused =
                JudgeCase.readOnly().observed("/", EROFS).observed("/etc/hosts", EACCES);
        assertThat(refused.table("/etc/hosts", "ext4", "ro").judge().verdict())
                .isEqualTo(Verdict.COMPLIANT);
        JudgeCase remounted =
                JudgeCase.readOnly().observed("/", EROFS).observed("/etc/hosts", EACCES);
        assertThat(remounted.table("/etc/hosts", "ext4", "rw").judge().verdict())
                .isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aDeclaredWritableRootFilesystemThatWasRemountedReadOnlyIsNotExposed() {
        JudgeCase c =
                JudgeCase.writable()
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .observed("/", EROFS);
        assertThat(c.judge().findings()).isEmpty();
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void aTableThatContradictsTheDeclarationIsReportedWhereNothingIsProved() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .withoutTable()
                        .table("/", "overlay", "rw")
                        .observed("/", EACCES)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved().getFirst())
                .startsWith(
                        "/ is not proved read-only, and the mount table shows it as writable: ");
    }

    // Engine-made mounts

    @Test
    void engineMadeMountsAreNoFindings() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .table("/dev", "tmpfs", "rw")
                        .table("/dev/shm", "tmpfs", "rw")
                        .table("/proc", "proc", "rw")
                        .line("900 103 0:1 /sys /proc/sys ro - proc proc rw")
                        .table("/proc/acpi", "tmpfs", "ro")
                        .table("/sys/fs/cgroup", "tmpfs", "rw")
                        .table("/dev/pts", "devpts", "rw")
                        .table("/sbin/docker-init", "ext4", "ro")
                        .observed("/dev", EACCES)
                        .observed("/dev/shm", WRITABLE)
                        .observed("/sbin/docker-init", EROFS)
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    /// The link was not there when the engine mounted.
    @Test
    void aLinkToAReadOnlyMountDoesNotDeclareItWritable() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/app", MountKind.VOLUME, "app", false)
                        .declared("/var/cache/app", MountKind.TMPFS, "tmpfs", true)
                        .observed("/app", WRITABLE)
                        .observed(
                                "/var/cache/app",
                                "/app",
                                WRITABLE,
                                new FileExecutionResult.Untested("not asked for"))
                        .judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.DRIFT);
    }

    @ParameterizedTest
    @CsvSource({
        "EIO,      HIGH,   its filesystem fails (EIO)",
        "ENOTCONN, HIGH,   the server of its filesystem has ended (ENOTCONN)",
        "ESTALE,   HIGH,   its server does not know the directory any more (ESTALE)",
        "EROFS,    HIGH,   its filesystem is read-only for everybody (EROFS)",
        "ENOSPC,   MEDIUM, its filesystem is full (ENOSPC)",
        "EDQUOT,   MEDIUM, the quota of uid 1000 is used up (EDQUOT)",
        "EACCES,   LOW,    uid 1000 cannot write to it (EACCES)",
        "EPERM,    LOW,    uid 1000 cannot write to it (EPERM)"
    })
    void theSeverityOfWhatCannotBeWrittenDependsOnTheCause(
            Errno errno, Severity severity, String problem) {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/data", MountKind.VOLUME, "data", true)
                        .line("900 100 0:101 /x /logs rw - ext4 ext4 rw")
                        .declared("/logs", MountKind.BIND, "/x", true)
                        .observed("/data", new WriteResult.Refused(errno, false, ""));
        Finding finding = only(c.judge());
        assertThat(finding.kind()).isEqualTo(FindingKind.UNWRITABLE);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.message()).isEqualTo("The volume is declared writable, but " + problem);
        assertThat(finding.evidence()).contains("on the same filesystem: /logs");
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
        ContainerReport listed =
                c.rule(Access.READ_ONLY, List.of("/data", "/logs"), List.of()).judge();
        assertThat(only(listed).severity())
                .isEqualTo(severity == Severity.LOW ? Severity.MEDIUM : severity);
    }

    @Test
    void aMountThatIsReadOnlyInTheContainerAloneIsToldFromAFaultOfItsFilesystem() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .declared("/data", MountKind.VOLUME, "data", true)
                        .table("/data", "ext4", "ro")
                        .observed("/data", EROFS)
                        .judge();
        assertThat(only(report).message())
                .endsWith("it is mounted read-only in the container (EROFS)");
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void podmansMarkerFileIsAsWritableAsTheRootFilesystem() {
        String marker = "/run/.containerenv";
        ContainerReport writable =
                JudgeCase.writable()
                        .observed("/", WRITABLE)
                        .table(marker, "ext4", "rw")
                        .observed(marker, WRITABLE)
                        .judge();
        assertThat(only(writable).kind()).isEqualTo(FindingKind.EXPOSED);
        assertThat(only(writable).path()).isEqualTo("/");
        ContainerReport readOnly =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .table(marker, "ext4", "rw")
                        .observed(marker, WRITABLE)
                        .judge();
        assertThat(only(readOnly).kind()).isEqualTo(FindingKind.DRIFT);
    }

    @Test
    void podmansSecretsAreAsWritableAsTheRootFilesystem() {
        String secret = "/run/secrets/key";
        JudgeCase docker =
                JudgeCase.writable()
                        .observed("/", WRITABLE)
                        .table(secret, "tmpfs", "rw")
                        .observed(secret, WRITABLE);
        assertThat(docker.judge().findings())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(FindingKind.DRIFT, FindingKind.EXPOSED);
        assertThat(only(docker.ownTmpfs("/tmp").judge()).kind()).isEqualTo(FindingKind.EXPOSED);
    }

    @Test
    void aTmpfsThatTheEngineMakesByItselfIsJudgedAsIfItWereRequested() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .ownTmpfs("/run", "/tmp")
                        .table("/run", "tmpfs", "rw")
                        .observed("/run", WRITABLE);
        assertThat(c.judge().findings()).isEmpty();
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
        assertThat(only(c.rule(Access.READ_ONLY, List.of("/data"), List.of()).judge()).kind())
                .isEqualTo(FindingKind.EXPOSED);
        ContainerReport disk =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .ownTmpfs("/run", "/tmp")
                        .table("/tmp", "ext4", "rw")
                        .observed("/tmp", WRITABLE)
                        .judge();
        assertThat(only(disk).kind()).isEqualTo(FindingKind.UNDECLARED);
    }

    /// Podman reports only one of two tmpfs that a link leads to one path.
    @Test
    void aTmpfsOfTheEnginesMayCoverOneThatWasRequested() {
        for (boolean writable : List.of(true, false)) {
            JudgeCase c =
                    JudgeCase.readOnly()
                            .observed("/", EROFS)
                            .ownTmpfs("/run")
                            .mount("/run", MountKind.TMPFS, "tmpfs", writable)
                            .stacked("/run", "tmpfs", "rw")
                            .observed("/run", WRITABLE);
            assertThat(c.judge().findings().isEmpty()).isEqualTo(writable);
        }
        JudgeCase bind =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .ownTmpfs("/run")
                        .mount("/run", MountKind.BIND, "/srv", true)
                        .stacked("/run", "tmpfs", "rw")
                        .observed("/run", WRITABLE);
        assertThat(only(bind.judge()).kind()).isEqualTo(FindingKind.UNDECLARED);
    }

    @Test
    void twoDeclaredMountsMayBeAtOneMountPoint() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/run", MountKind.TMPFS, "tmpfs", true)
                        .declared("/var/run", MountKind.TMPFS, "tmpfs", true)
                        .stacked("/run", "tmpfs", "rw")
                        .observed("/run", WRITABLE)
                        .observed(
                                "/var/run",
                                "/run",
                                WRITABLE,
                                new FileExecutionResult.Untested("not asked for"));
        assertThat(c.judge().findings()).isEmpty();
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
        // A third one was not declared.
        c.line("901 900 0:99 / /run rw - tmpfs tmpfs rw");
        assertThat(only(c.judge()).kind()).isEqualTo(FindingKind.UNDECLARED);
    }

    @Test
    void aServiceThatCanRunFilesFromDevIsALowFindingAndStaysCompliant() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .table("/dev", "tmpfs", "rw")
                        .observed("/dev", "/dev", WRITABLE, new FileExecutionResult.Ran())
                        .judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXECUTABLE);
        assertThat(only(report).severity()).isEqualTo(Severity.LOW);
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void somethingElseInThePlaceOfAnEngineMadeMountIsUndeclared() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .table("/dev", "ext4", "rw")
                        .table("/sys/kernel", "tmpfs", "rw")
                        .table("/proc/acpi", "tmpfs", "rw")
                        .observed("/dev", WRITABLE)
                        .judge();
        assertThat(report.findings())
                .extracting(Finding::path)
                .containsExactly("/dev", "/proc/acpi", "/sys/kernel");
        assertThat(report.findings())
                .extracting(Finding::kind)
                .containsOnly(FindingKind.UNDECLARED);
    }

    @Test
    void aMountOverTheRootFilesystemLeavesItUnverified() {
        JudgeCase c = JudgeCase.readOnly().stacked("/", "tmpfs", "ro").observed("/", EROFS);
        assertThat(c.judge().verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aMountOverADeclaredOneIsUndeclared() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/data", MountKind.VOLUME, "data", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/data", "ext4", "rw")
                        .stacked("/data", "tmpfs", "rw")
                        .observed("/data", WRITABLE);
        assertThat(only(c.judge()).kind()).isEqualTo(FindingKind.UNDECLARED);
    }

    /// If the service may not resolve `/link`, it is not known where the engine mounted what is
    /// declared behind the link.
    @ParameterizedTest(name = "{0}, {1} mounts: {2}")
    @CsvSource({
        "tmpfs, 1, unverified",
        "ext4, 1, violating",
        "tmpfs, 2, violating",
    })
    void aMountThatMayBeOneDeclaredBehindALinkIsNotProved(
            String filesystem, int mounts, String verdict) {
        JudgeCase c =
                declared("/link/data", MountKind.TMPFS, true)
                        .observed("/link/data", new WriteResult.Absent());
        for (int i = 0; i < mounts; i++) {
            c = c.table("/real/data" + i, filesystem, "rw");
        }
        ContainerReport report = c.judge();
        assertThat(report.verdict().label()).isEqualTo(verdict);
        assertThat(report.findings()).hasSize(verdict.equals("violating") ? mounts : 0);
        assertThat(String.join("\n", report.unproved()))
                .matches(u ->
                        u.contains("/real/data0 may be the one declared at /link/data")
                                == verdict.equals("unverified"));
    }

    /// What another tmpfs is behind the engine's back is told from what is declared by its options.
    @Test
    void optionsTellWhichTmpfsIsDeclaredBehindALink() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .declaredTmpfs("/link", "gid=2000,uid=0,size=4k,nr_inodes=100")
                        .observed("/link", new WriteResult.Absent())
                        .line("201 100 0:77 / /real rw - tmpfs tmpfs rw,nr_inodes=100,gid=2000")
                        .line("202 100 0:78 / /tmp rw - tmpfs tmpfs rw")
                        .judge();
        assertThat(report.findings()).extracting(Finding::path).containsExactly("/tmp");
        assertThat(String.join("\n", report.unproved())).contains("/real may be");
    }

    /// Somebody bound the directory again: one of the two is not what is declared.
    @Test
    void oneDeclarationBehindALinkExplainsOneMountOfAFilesystem() {
        ContainerReport report =
                declared("/link/data", MountKind.TMPFS, true)
                        .observed("/link/data", new WriteResult.Absent())
                        .line("201 100 0:77 / /real/data rw - tmpfs tmpfs rw")
                        .line("202 100 0:77 / /copy/data rw - tmpfs tmpfs rw")
                        .judge();
        assertThat(report.findings()).extracting(Finding::path).containsExactly("/copy/data");
        assertThat(String.join("\n", report.unproved())).contains("/real/data may be");
    }

    /// What is mounted where something else is declared hides that.
    @Test
    void aMountOverADeclaredOneIsNotOneDeclaredBehindALink() {
        ContainerReport report =
                declared("/link/data", MountKind.VOLUME, true)
                        .observed("/link/data", new WriteResult.Absent())
                        .mount("/data", MountKind.BIND, "/srv/data", true)
                        .line("201 100 0:77 / /real/data rw - ext4 /dev/sda rw")
                        .table("/data", "ext4", "rw")
                        .stacked("/data", "tmpfs", "rw")
                        .observed("/data", WRITABLE)
                        .judge();
        assertThat(report.findings()).extracting(Finding::path).contains("/data");
        assertThat(report.findings()).extracting(Finding::path).doesNotContain("/real/data");
    }

    /// It was unmounted, or another mount hides it.
    @Test
    void aWritableMountThatIsNotMountedIsUnprovedAndNotExposed() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .rule(Access.READ_ONLY, List.of(), List.of())
                        .observed("/", EROFS)
                        .mount("/data", MountKind.BIND, "/srv/data", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void unresolvedSymlinkDoesNotExplainAnUndeclaredMount() {
        WriteResult nowhere =
                new WriteResult.Inconclusive(InconclusiveCause.UNEXPECTED_ERROR, "leads nowhere");
        for (JudgeCase c :
                List.of(
                        unresolvedLink().observed("/link/data", EROFS),
                        unresolvedLink().observed("/link/data", EACCES),
                        unresolvedLink()
                                .observed(
                                        "/link/data",
                                        new WriteResult.Inconclusive(
                                                InconclusiveCause.IMAGE_FILE, "")),
                        unresolvedLink()
                                .kernelObserved(
                                        ProbeIdentity.SERVICE,
                                        0,
                                        "/link/data",
                                        new WriteResult.Absent()),
                        unresolvedLink()
                                .kernelObserved(ProbeIdentity.SERVICE, 0, "/link/data", nowhere))) {
            assertThat(only(c.judge()).path()).isEqualTo("/elsewhere");
        }
    }

    @Test
    void whatIsDeclaredReadOnlyExcusesNothingThatIsWritable() {
        JudgeCase c =
                declared("/link/data", MountKind.VOLUME, false)
                        .table("/elsewhere", "ext4", "rw")
                        .observed("/link/data", new WriteResult.Absent());
        assertThat(only(c.judge()).path()).isEqualTo("/elsewhere");
    }

    @Test
    void whatLiesOverADeclaredMountIsUndeclared() {
        JudgeCase c =
                declared("/srv/data", MountKind.TMPFS, true)
                        .table("/srv", "tmpfs", "rw")
                        .observed("/srv/data", new WriteResult.Absent());
        assertThat(only(c.judge()).path()).isEqualTo("/srv");
    }

    private static JudgeCase unresolvedLink() {
        return declared("/link/data", MountKind.TMPFS, true).table("/elsewhere", "tmpfs", "rw");
    }

    /// A declared mount that is not in the mount table.
    private static JudgeCase declared(String path, MountKind kind, boolean writable) {
        return JudgeCase.readOnly()
                .observed("/", EROFS)
                .mount(path, kind, "", writable)
                .withoutTable()
                .table("/", "overlay", "ro");
    }

    @Test
    void submountsOfABindAreOneFinding() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/host", MountKind.BIND, "/srv", false)
                        .observed("/host", EROFS)
                        .line("201 101 0:5 / /host/a rw - ext4 /dev/sdb rw")
                        .line("202 101 0:6 / /host/b rw - tmpfs tmpfs rw")
                        .line("203 101 0:7 / /host/c ro - tmpfs tmpfs rw")
                        .judge();
        assertThat(only(report).path()).isEqualTo("/host");
        assertThat(only(report).message())
                .isEqualTo("The mount /host has writable mounts below it: /host/a, /host/b");
        assertThat(report.unproved())
                .containsExactly(
                        "mounts below /host are not probed, and so not proved read-only: /host/c");
    }

    @Test
    void devicesThatAnEngineBindsFromTheHostAreItsOwn() {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .table("/dev/null", "devtmpfs", "rw")
                                .table("/dev/urandom", "devtmpfs", "rw")
                                .judge()
                                .findings())
                .isEmpty();
    }

    // Exposed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/home",
                "/etc",
                "/etc/cron.d",
                "/usr/local/bin",
                "/var/lib/docker",
                "/var/lib/docker/rootfs/overlayfs/7f",
                "/var/lib/docker/containerd/daemon",
                "/var/lib/docker/volumes/app",
                "/var/lib/containers",
                "/var/lib/containers/storage/overlay/7f/diff",
                "/root/.ssh"
            })
    void aWritableBindOfASensitiveHostPathIsExposed(String source) {
        List<Finding> findings =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/mnt", MountKind.BIND, source, true)
                        .observed("/mnt", WRITABLE)
                        .judge()
                        .findings();
        assertThat(findings).extracting(Finding::kind).contains(FindingKind.EXPOSED);
        assertThat(findings.getFirst().message()).contains("The host's " + source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/data",
                "/home/app",
                "/run/app",
                "/var/lib/app",
                "/var/lib/docker/volumes/app/_data",
                "/var/lib/containers/storage/volumes/app/_data",
                "/var/lib/containers-app",
                "/etcetera",
                "/dev/shm"
            })
    void aWritableBindOfAnOrdinaryHostPathIsNone(String source) {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .mount("/mnt", MountKind.BIND, source, true)
                                .observed("/mnt", WRITABLE)
                                .judge()
                                .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/var/run/docker.sock, true", "/run/user/1000/podman/podman.sock, false"})
    void anEnginesSocketIsExposedAndBypassesAlsoWhereItIsMountedReadOnly(
            String source, boolean writable) {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/var/run/docker.sock", MountKind.BIND, source, writable)
                        .observed("/var/run/docker.sock", SPECIAL)
                        .judge();
        assertThat(report.findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED, FindingKind.BYPASSABLE);
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/var/run", "/run", "/", "/run/containerd"})
    void aDirectoryOfSocketsIsAsGoodAsTheSocketAlsoReadOnly(String source) {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .mount("/hostrun", MountKind.BIND, source, false)
                                .observed("/hostrun", EROFS)
                                .judge()
                                .findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED, FindingKind.BYPASSABLE);
    }

    @Test
    void aDirectoryOfSocketsThatIsWaivedStillHasToBeProvedReadOnly() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/hostrun", MountKind.BIND, "/run", false)
                        .observed("/hostrun", EACCES)
                        .waiver(
                                new Waiver(
                                        ContainerSelector.ANY,
                                        Set.of(FindingKind.EXPOSED, FindingKind.BYPASSABLE),
                                        List.of(),
                                        new WaiverNote("known", "ops", Optional.empty())))
                        .judge();
        assertThat(report.activeFindings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aVolumeThatIsASensitiveHostPathInDisguiseIsFoundInTheMountTable() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/y", MountKind.VOLUME, "v", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .line(
                                "150 100 254:0 /var/lib/docker/containers/x/hosts /etc/hosts ro -"
                                        + " ext4 /dev/sda1 rw")
                        .line("151 100 254:0 /etc /y rw - ext4 /dev/sda1 rw")
                        .observed("/etc/hosts", EROFS)
                        .observed("/y", WRITABLE);
        assertThat(only(c.judge()).message()).contains("The host's /etc is mounted writable");
    }

    @Test
    void aRuleThatListsTheParentOfASocketDoesNotGrantIt() {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .mount(
                                        "/run/docker.sock",
                                        MountKind.BIND,
                                        "/var/run/docker.sock",
                                        true)
                                .observed("/run/docker.sock", SPECIAL)
                                .rule(Access.READ_ONLY, List.of("/run"), List.of())
                                .judge()
                                .findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED);
    }

    @Test
    void aRuleThatListsASensitivePathAllowsIt() {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .mount("/mnt", MountKind.BIND, "/etc/app", true)
                                .observed("/mnt", WRITABLE)
                                .rule(Access.READ_ONLY, List.of("/mnt"), List.of())
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void aReadOnlyDeviceNeedsNoProof() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/dev/thing", MountKind.BIND, "/dev/thing", false)
                        .observed("/dev/thing", SPECIAL)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    // Bypassable

    @ParameterizedTest
    @CsvSource({"true, '', it is privileged", "false, SYS_ADMIN, it has CAP_SYS_ADMIN"})
    void thePowerToRemountIsBypassable(boolean privileged, String capability, String expected) {
        JudgeCase c = JudgeCase.readOnly().observed("/", EROFS).capability(capability);
        Finding f = only((privileged ? c.privileged() : c).judge());
        assertThat(f.kind()).isEqualTo(FindingKind.BYPASSABLE);
        assertThat(f.severity()).isEqualTo(Severity.MEDIUM);
        assertThat(f.message()).contains(expected);
    }

    @Test
    void aWritableRootFilesystemNeedsNoBypass() {
        assertThat(JudgeCase.writable().observed("/", WRITABLE).privileged().judge().findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED);
    }

    // Executable by policy

    @Test
    void aFileThatRanWherePolicyForbidsItIsAMediumFinding() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .observed("/tmp", "/tmp", WRITABLE, new FileExecutionResult.Ran())
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXECUTABLE);
        assertThat(only(report).severity()).isEqualTo(Severity.MEDIUM);
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void noexecIsNotAFindingWhereNothingRanNorWherePolicyIsSilent() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .observed(
                                "/tmp",
                                "/tmp",
                                WRITABLE,
                                new FileExecutionResult.Refused(Errno.EACCES));
        assertThat(c.rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp")).judge().findings())
                .isEmpty();
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                                .observed("/tmp", "/tmp", WRITABLE, new FileExecutionResult.Ran())
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void noexecThatWasNotTestedIsUnverifiedUnlessTheMountTableHasIt() {
        ContainerReport untested =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .observed("/tmp", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(untested.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(untested.unproved().getFirst()).startsWith("/tmp is not proved noexec");
        ContainerReport below =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/srv", MountKind.BIND, "/srv", true)
                        .observed("/srv", EACCES)
                        .rule(Access.READ_ONLY, List.of("/srv"), List.of("/srv"))
                        .judge();
        assertThat(below.unproved()).hasSize(1);
        ContainerReport inTable =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .table("/tmp", "tmpfs", "rw,noexec")
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/tmp", "tmpfs", "rw,noexec")
                        .observed("/tmp", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(inTable.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    // Unverified

    @Test
    void unprobedContainerIsUnverifiedUnderEveryPolicy() {
        ContainerReport report =
                JudgeCase.writable()
                        .withoutTable()
                        .rule(Access.WRITABLE)
                        .trouble(InconclusiveCause.NO_SHELL)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved())
                .containsExactly("nothing could be probed: the image has no shell");
    }

    @Test
    void aWritableDeclarationIsExposedAlsoWhereNothingCouldBeProbed() {
        ContainerReport report =
                JudgeCase.writable().withoutTable().trouble(InconclusiveCause.PAUSED).judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXPOSED);
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
        assertThat(report.unproved()).hasSize(1);
    }

    @Test
    void withoutAMountTableNothingIsCompliant() {
        ContainerReport report = JudgeCase.readOnly().withoutTable().observed("/", EROFS).judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void theReasonWhyNothingIsProvedIsReported() {
        assertThat(JudgeCase.readOnly().observed("/", EACCES).judge().unproved())
                .containsExactly(
                        "/ is not proved read-only: uid 1000 may not write to / (EACCES), which"
                                + " proves nothing about the mount; probe.exec-as-root probes as"
                                + " root too");
    }

    // Persistence

    @Test
    void whereAWriteGoesIsKnownOfEachKindOfMount() {
        ContainerReport report =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/v", MountKind.VOLUME, "mine", true)
                        .mount("/s", MountKind.VOLUME, "ours", true)
                        .mount("/b", MountKind.BIND, "/srv/b", true)
                        .mount("/t", MountKind.TMPFS, "tmpfs", true)
                        .table("/u", "ext4", "ro")
                        .shared("ours")
                        .judge();
        assertThat(path(report, "/").persistence()).isEqualTo(Persistence.CONTAINER);
        assertThat(path(report, "/v").persistence()).isEqualTo(Persistence.VOLUME);
        assertThat(path(report, "/s").persistence()).isEqualTo(Persistence.SHARED);
        assertThat(path(report, "/b").persistence()).isEqualTo(Persistence.HOST);
        assertThat(path(report, "/t").persistence()).isEqualTo(Persistence.MEMORY);
        assertThat(path(report, "/u").persistence()).isEqualTo(Persistence.UNKNOWN);
    }

    // Waivers

    @Test
    void aWaiverCoversItsFindingUntilTheEndOfItsLastDay() {
        ContainerReport report =
                JudgeCase.writable()
                        .observed("/", WRITABLE)
                        .waiver(waiver("2026-11-23", FindingKind.EXPOSED))
                        .judge();
        assertThat(only(report).isWaived()).isTrue();
        assertThat(report.activeFindings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void anExpiredWaiverNoLongerWaivesAndIsAFindingItself() {
        ContainerReport report =
                JudgeCase.writable()
                        .observed("/", WRITABLE)
                        .waiver(waiver("2026-11-22", FindingKind.EXPOSED))
                        .judge();
        assertThat(report.findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED, FindingKind.EXPIRED_WAIVER);
        assertThat(report.findings().getLast().message())
                .isEqualTo(
                        "The waiver of payments for exposed expired on 2026-11-22 and no longer"
                                + " applies");
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void anExpiredWaiverOfSomethingThatWasMendedIsSilent() {
        assertThat(
                        JudgeCase.readOnly()
                                .observed("/", EROFS)
                                .waiver(waiver("2026-11-22", FindingKind.EXPOSED))
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void aWaiverOfAnotherKindDoesNotWaive() {
        assertThat(
                        only(JudgeCase.writable()
                                        .observed("/", WRITABLE)
                                        .waiver(waiver("", FindingKind.DRIFT))
                                        .judge())
                                .isWaived())
                .isFalse();
    }

    // Labels

    @Test
    void labelsWaiveOnlyWherePolicyHonoursThem() {
        JudgeCase c =
                JudgeCase.writable()
                        .observed("/", WRITABLE)
                        .label("writeprobe.waive", "exposed:/, nonsense");
        assertThat(only(c.judge()).isWaived()).isTrue();
        assertThat(only(c.ignoringLabels().judge()).isWaived()).isFalse();
    }

    @Test
    void labelsExtendTheListOfWritablePathsButGrantNoSensitiveOnes() {
        JudgeCase listed =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/cache", MountKind.VOLUME, "cache", true)
                        .observed("/cache", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of())
                        .label("writeprobe.writable", "/cache, not-a-path");
        assertThat(listed.judge().findings()).isEmpty();
        JudgeCase sensitive =
                JudgeCase.readOnly()
                        .observed("/", EROFS)
                        .mount("/mnt", MountKind.BIND, "/etc", true)
                        .observed("/mnt", WRITABLE)
                        .label("writeprobe.writable", "/mnt");
        assertThat(sensitive.judge().findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED);
    }

    @Test
    void pathsThatARuleNamesAreProbed() {
        ContainerReport any = JudgeCase.readOnly().judge();
        Judge judge =
                new Judge(
                        new io.github.writeprobe.policy.Policy(
                                Severity.HIGH,
                                false,
                                List.of(
                                        new io.github.writeprobe.policy.ContainerPolicyRule(
                                                "rule 1",
                                                new ContainerSelector(Map.of("image", "nginx*")),
                                                Access.READ_ONLY,
                                                Optional.of(List.of("/data")),
                                                List.of("/scratch"))),
                                List.of()),
                        JudgeCase.TODAY);
        assertThat(judge.pathsToProbe(any.container())).containsExactly("/scratch", "/data");
    }

    // Size

    /// A container can invent its mount table, and many containers may be judged in a second.
    @Test
    @Timeout(10)
    void thousandsOfMountsAreJudgedInABoundedTimeAndCostFewFindings() {
        ContainerReport report = withMounts(MountTable.MAX_ENTRIES - 10).judge();
        assertThat(report.findings()).hasSizeLessThan(40);
        assertThat(report.findings().getFirst().message())
                .startsWith("The engine does not declare ")
                .contains("more writable mounts");
    }

    @Test
    void aTableThatIsTooLongToBeReadProvesNothing() {
        ContainerReport report = withMounts(MountTable.MAX_ENTRIES + 10).judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved())
                .singleElement()
                .asString()
                .contains("its mount table has 10000 entries or more");
    }

    private static JudgeCase withMounts(int count) {
        JudgeCase c = JudgeCase.readOnly().observed("/", EROFS);
        for (int i = 0; i < count; i++) {
            c.table("/t" + i, "tmpfs", "rw");
            if (i % 2 == 0) {
                c.observed("/t" + i, WRITABLE);
            }
        }
        return c;
    }
}
