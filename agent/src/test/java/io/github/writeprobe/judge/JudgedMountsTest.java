package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static io.github.writeprobe.judge.JudgeCase.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WriteResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which mounts are declared, and what the others are.
class JudgedMountsTest {
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
}
