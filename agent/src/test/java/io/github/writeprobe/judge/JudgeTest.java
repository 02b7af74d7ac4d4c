package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.Case.EACCES;
import static io.github.writeprobe.judge.Case.EROFS;
import static io.github.writeprobe.judge.Case.SPECIAL;
import static io.github.writeprobe.judge.Case.WRITABLE;
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
import io.github.writeprobe.policy.Match;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Write;
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
                Match.ANY,
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
                        Case.readOnly()
                                .saw("/", EACCES)
                                .saw("/tmp", WRITABLE)
                                .saw("/etc", WRITABLE)
                                .judge());
        assertThat(f.kind()).isEqualTo(FindingKind.DRIFT);
        assertThat(f.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(f.path()).isEqualTo("/");
        assertThat(f.message())
                .isEqualTo(
                        "The root filesystem is declared read-only, but uid 1000 wrote to /tmp, /etc");
        assertThat(f.evidence())
                .contains(
                        "declared: HostConfig.ReadonlyRootfs=true",
                        "observed: exec as service (uid 1000) wrote to /tmp");
    }

    @Test
    void aWriteThatASymbolicLinkLedToAVolumeIsNoDriftOfTheRootFilesystem() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/data", MountKind.VOLUME, "data", true)
                        .saw("/data", WRITABLE)
                        .saw("/tmp", "/data/tmp", WRITABLE, new ExecutionOutcome.Ran())
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(path(report, "/tmp").mountPoint()).isEqualTo("/data");
        assertThat(path(report, "/tmp").persistence()).isEqualTo(Persistence.VOLUME);
    }

    @Test
    void aMountDeclaredBehindASymbolicLinkIsFoundWhereItReallyIs() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/var/run/app", MountKind.TMPFS, "tmpfs", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/run/app", "tmpfs", "rw")
                        .saw("/var/run/app", "/run/app", WRITABLE, new ExecutionOutcome.Ran())
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
        assertThat(path(report, "/var/run/app").kind()).isEqualTo(MountKind.TMPFS);
    }

    @Test
    void theHostsFileOfAReadOnlyContainerDriftsToo() {
        Finding f =
                only(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .table("/etc/hosts", "ext4", "rw")
                                .saw("/etc/hosts", WRITABLE)
                                .judge());
        assertThat(f.kind()).isEqualTo(FindingKind.DRIFT);
        assertThat(f.path()).isEqualTo("/etc/hosts");
    }

    /// A service that is not root cannot say, and the mount table can.
    @Test
    void aHostsFileThatTheMountTableCallsWritableIsNotTakenForReadOnly() {
        Case refused = Case.readOnly().saw("/", EROFS).saw("/etc/hosts", EACCES);
        assertThat(refused.table("/etc/hosts", "ext4", "ro").judge().verdict())
                .isEqualTo(Verdict.COMPLIANT);
        Case remounted = Case.readOnly().saw("/", EROFS).saw("/etc/hosts", EACCES);
        assertThat(remounted.table("/etc/hosts", "ext4", "rw").judge().verdict())
                .isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aDeclaredWritableRootFilesystemThatWasRemountedReadOnlyIsNotExposed() {
        Case c = Case.writable().withoutTable().table("/", "overlay", "ro").saw("/", EROFS);
        assertThat(c.judge().findings()).isEmpty();
        assertThat(c.judge().verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void aTableThatContradictsTheDeclarationIsSaidWhereNothingIsProved() {
        ContainerReport report =
                Case.readOnly().withoutTable().table("/", "overlay", "rw").saw("/", EACCES).judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved().getFirst())
                .startsWith("/ is not proved read-only, and the mount table calls it writable: ");
    }

    // Engine-made mounts

    @Test
    void engineMadeMountsAreNoFindings() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .table("/dev", "tmpfs", "rw")
                        .table("/dev/shm", "tmpfs", "rw")
                        .table("/proc", "proc", "rw")
                        .line("900 103 0:1 /sys /proc/sys ro - proc proc rw")
                        .table("/proc/acpi", "tmpfs", "ro")
                        .table("/sys/fs/cgroup", "tmpfs", "rw")
                        .table("/dev/pts", "devpts", "rw")
                        .table("/sbin/docker-init", "ext4", "ro")
                        .saw("/dev", EACCES)
                        .saw("/dev/shm", WRITABLE)
                        .saw("/sbin/docker-init", EROFS)
                        .judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void aServiceThatCanRunFilesFromDevIsALowFindingAndStaysCompliant() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .table("/dev", "tmpfs", "rw")
                        .saw("/dev", "/dev", WRITABLE, new ExecutionOutcome.Ran())
                        .judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXECUTABLE);
        assertThat(only(report).severity()).isEqualTo(Severity.LOW);
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void somethingElseInThePlaceOfAnEngineMadeMountIsUndeclared() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .table("/dev", "ext4", "rw")
                        .table("/sys/kernel", "tmpfs", "rw")
                        .table("/proc/acpi", "tmpfs", "rw")
                        .saw("/dev", WRITABLE)
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
        Case c = Case.readOnly().over("/", "tmpfs", "ro").saw("/", EROFS);
        assertThat(c.judge().verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aMountOverADeclaredOneIsUndeclared() {
        Case c =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/data", MountKind.VOLUME, "data", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/data", "ext4", "rw")
                        .over("/data", "tmpfs", "rw")
                        .saw("/data", WRITABLE);
        assertThat(only(c.judge()).kind()).isEqualTo(FindingKind.UNDECLARED);
    }

    /// A service that may not pass `/link` cannot say where the engine mounted what is declared
    /// beyond it.
    @ParameterizedTest(name = "{0}, {1} mounts: {2}")
    @CsvSource({
        "tmpfs, 1, unverified",
        "ext4, 1, violating",
        "tmpfs, 2, violating",
    })
    void aMountThatMayBeOneDeclaredBehindALinkIsNotProved(
            String filesystem, int mounts, String verdict) {
        Case c =
                declared("/link/data", MountKind.TMPFS, true).saw("/link/data", new Write.Absent());
        for (int i = 0; i < mounts; i++) {
            c = c.table("/real/data" + i, filesystem, "rw");
        }
        ContainerReport report = c.judge();
        assertThat(report.verdict().label()).isEqualTo(verdict);
        assertThat(report.findings()).hasSize(verdict.equals("violating") ? mounts : 0);
        assertThat(String.join("\n", report.unproved()))
                .matches(u ->
                        u.contains("/real/data0 may be what is declared at /link/data")
                                == verdict.equals("unverified"));
    }

    @Test
    void whoFollowedTheLinkWouldHaveSeenTheMount() {
        Write nowhere = new Write.Inconclusive(Cause.UNEXPECTED_ERROR, "leads nowhere");
        for (Case c :
                List.of(
                        aLink().saw("/link/data", EROFS),
                        aLink().saw("/link/data", EACCES),
                        aLink().saw("/link/data", new Write.Inconclusive(Cause.IMAGE_FILE, "")),
                        aLink().kernel(Identity.SERVICE, 0, "/link/data", new Write.Absent()),
                        aLink().kernel(Identity.SERVICE, 0, "/link/data", nowhere))) {
            assertThat(only(c.judge()).path()).isEqualTo("/elsewhere");
        }
    }

    @Test
    void whatIsDeclaredReadOnlyExcusesNothingThatIsWritable() {
        Case c =
                declared("/link/data", MountKind.VOLUME, false)
                        .table("/elsewhere", "ext4", "rw")
                        .saw("/link/data", new Write.Absent());
        assertThat(only(c.judge()).path()).isEqualTo("/elsewhere");
    }

    @Test
    void whatLiesOverADeclaredMountIsUndeclared() {
        Case c =
                declared("/srv/data", MountKind.TMPFS, true)
                        .table("/srv", "tmpfs", "rw")
                        .saw("/srv/data", new Write.Absent());
        assertThat(only(c.judge()).path()).isEqualTo("/srv");
    }

    private static Case aLink() {
        return declared("/link/data", MountKind.TMPFS, true).table("/elsewhere", "tmpfs", "rw");
    }

    /// A mount that is declared, and that the mount table does not have.
    private static Case declared(String path, MountKind kind, boolean writable) {
        return Case.readOnly()
                .saw("/", EROFS)
                .mount(path, kind, "", writable)
                .withoutTable()
                .table("/", "overlay", "ro");
    }

    @Test
    void mountsThatCameAlongWithABindAreOneFinding() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/host", MountKind.BIND, "/srv", false)
                        .saw("/host", EROFS)
                        .line("201 101 0:5 / /host/a rw - ext4 /dev/sdb rw")
                        .line("202 101 0:6 / /host/b rw - tmpfs tmpfs rw")
                        .line("203 101 0:7 / /host/c ro - tmpfs tmpfs rw")
                        .judge();
        assertThat(only(report).path()).isEqualTo("/host");
        assertThat(only(report).message())
                .isEqualTo("With /host came mounts below it that are writable: /host/a, /host/b");
        assertThat(report.unproved())
                .containsExactly(
                        "/host/c, which came along with /host, is not written to and so not proved read-only");
    }

    @Test
    void devicesThatAnEngineBindsFromTheHostAreItsOwn() {
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
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
                "/root/.ssh"
            })
    void aWritableBindOfASensitiveHostPathIsExposed(String source) {
        List<Finding> findings =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/mnt", MountKind.BIND, source, true)
                        .saw("/mnt", WRITABLE)
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
                "/etcetera",
                "/dev/shm"
            })
    void aWritableBindOfAnOrdinaryHostPathIsNone(String source) {
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .mount("/mnt", MountKind.BIND, source, true)
                                .saw("/mnt", WRITABLE)
                                .judge()
                                .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/var/run/docker.sock, true", "/run/user/1000/podman/podman.sock, false"})
    void anEnginesSocketIsExposedAndBypassesAlsoWhereItIsMountedReadOnly(
            String source, boolean writable) {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/var/run/docker.sock", MountKind.BIND, source, writable)
                        .saw("/var/run/docker.sock", SPECIAL)
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
                        Case.readOnly()
                                .saw("/", EROFS)
                                .mount("/hostrun", MountKind.BIND, source, false)
                                .saw("/hostrun", EROFS)
                                .judge()
                                .findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED, FindingKind.BYPASSABLE);
    }

    @Test
    void aDirectoryOfSocketsThatIsWaivedStillHasToBeProvedReadOnly() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/hostrun", MountKind.BIND, "/run", false)
                        .saw("/hostrun", EACCES)
                        .waiver(
                                new Waiver(
                                        Match.ANY,
                                        Set.of(FindingKind.EXPOSED, FindingKind.BYPASSABLE),
                                        List.of(),
                                        new WaiverNote("known", "ops", Optional.empty())))
                        .judge();
        assertThat(report.standing()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void aVolumeThatIsASensitiveHostPathInDisguiseIsFoundInTheMountTable() {
        Case c =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/y", MountKind.VOLUME, "v", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .line(
                                "150 100 254:0 /var/lib/docker/containers/x/hosts /etc/hosts ro - ext4 /dev/sda1 rw")
                        .line("151 100 254:0 /etc /y rw - ext4 /dev/sda1 rw")
                        .saw("/etc/hosts", EROFS)
                        .saw("/y", WRITABLE);
        assertThat(only(c.judge()).message()).contains("The host's /etc is mounted writable");
    }

    @Test
    void aRuleThatListsTheParentOfASocketDoesNotGrantIt() {
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .mount(
                                        "/run/docker.sock",
                                        MountKind.BIND,
                                        "/var/run/docker.sock",
                                        true)
                                .saw("/run/docker.sock", SPECIAL)
                                .rule(Access.READ_ONLY, List.of("/run"), List.of())
                                .judge()
                                .findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED);
    }

    @Test
    void aRuleThatListsASensitivePathAllowsIt() {
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .mount("/mnt", MountKind.BIND, "/etc/app", true)
                                .saw("/mnt", WRITABLE)
                                .rule(Access.READ_ONLY, List.of("/mnt"), List.of())
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void aReadOnlyDeviceNeedsNoProof() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/dev/thing", MountKind.BIND, "/dev/thing", false)
                        .saw("/dev/thing", SPECIAL)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    // Bypassable

    @ParameterizedTest
    @CsvSource({"true, '', it is privileged", "false, SYS_ADMIN, it has CAP_SYS_ADMIN"})
    void thePowerToRemountIsBypassable(boolean privileged, String capability, String says) {
        Case c = Case.readOnly().saw("/", EROFS).capability(capability);
        Finding f = only((privileged ? c.privileged() : c).judge());
        assertThat(f.kind()).isEqualTo(FindingKind.BYPASSABLE);
        assertThat(f.severity()).isEqualTo(Severity.MEDIUM);
        assertThat(f.message()).contains(says);
    }

    @Test
    void aWritableRootFilesystemNeedsNoBypass() {
        assertThat(Case.writable().saw("/", WRITABLE).privileged().judge().findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED);
    }

    // Executable by policy

    @Test
    void aFileThatRanWherePolicyForbidsItIsAMediumFinding() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .saw("/tmp", "/tmp", WRITABLE, new ExecutionOutcome.Ran())
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXECUTABLE);
        assertThat(only(report).severity()).isEqualTo(Severity.MEDIUM);
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void noexecIsNotAFindingWhereNothingRanNorWherePolicyIsSilent() {
        Case c =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .saw("/tmp", "/tmp", WRITABLE, new ExecutionOutcome.Refused(Errno.EACCES));
        assertThat(c.rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp")).judge().findings())
                .isEmpty();
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                                .saw("/tmp", "/tmp", WRITABLE, new ExecutionOutcome.Ran())
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void noexecThatWasNotTestedIsUnverifiedUnlessTheMountTableHasIt() {
        ContainerReport untested =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .saw("/tmp", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(untested.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(untested.unproved().getFirst()).startsWith("/tmp is not proved noexec");
        ContainerReport below =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/srv", MountKind.BIND, "/srv", true)
                        .saw("/srv", EACCES)
                        .rule(Access.READ_ONLY, List.of("/srv"), List.of("/srv"))
                        .judge();
        assertThat(below.unproved()).hasSize(1);
        ContainerReport inTable =
                Case.readOnly()
                        .saw("/", EROFS)
                        .table("/tmp", "tmpfs", "rw,noexec")
                        .mount("/tmp", MountKind.TMPFS, "tmpfs", true)
                        .withoutTable()
                        .table("/", "overlay", "ro")
                        .table("/tmp", "tmpfs", "rw,noexec")
                        .saw("/tmp", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of("/tmp"))
                        .judge();
        assertThat(inTable.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    // Unverified

    @Test
    void aContainerThatNobodyCouldProbeIsUnverifiedWhateverPolicyWants() {
        ContainerReport report =
                Case.writable()
                        .withoutTable()
                        .rule(Access.WRITABLE)
                        .trouble(Cause.NO_SHELL)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved())
                .containsExactly("nothing could be probed: the image has no shell");
    }

    @Test
    void aWritableDeclarationIsExposedAlsoWhereNothingCouldBeProbed() {
        ContainerReport report = Case.writable().withoutTable().trouble(Cause.PAUSED).judge();
        assertThat(only(report).kind()).isEqualTo(FindingKind.EXPOSED);
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
        assertThat(report.unproved()).hasSize(1);
    }

    @Test
    void withoutAMountTableNothingIsCompliant() {
        ContainerReport report = Case.readOnly().withoutTable().saw("/", EROFS).judge();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void whyNothingIsProvedIsSaidInWords() {
        assertThat(Case.readOnly().saw("/", EACCES).judge().unproved())
                .containsExactly(
                        "/ is not proved read-only: uid 1000 may not write to / (EACCES), which says"
                                + " nothing about the mount; probe.exec-as-root asks as root too");
    }

    // Persistence

    @Test
    void whereAWriteGoesIsKnownOfEachKindOfMount() {
        ContainerReport report =
                Case.readOnly()
                        .saw("/", EROFS)
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
                Case.writable()
                        .saw("/", WRITABLE)
                        .waiver(waiver("2026-11-23", FindingKind.EXPOSED))
                        .judge();
        assertThat(only(report).waived()).isTrue();
        assertThat(report.standing()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void anExpiredWaiverNoLongerWaivesAndIsAFindingItself() {
        ContainerReport report =
                Case.writable()
                        .saw("/", WRITABLE)
                        .waiver(waiver("2026-11-22", FindingKind.EXPOSED))
                        .judge();
        assertThat(report.findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.EXPOSED, FindingKind.EXPIRED_WAIVER);
        assertThat(report.findings().getLast().message())
                .isEqualTo(
                        "The waiver of payments for exposed expired on 2026-11-22 and no longer waives");
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void anExpiredWaiverOfSomethingThatWasMendedIsSilent() {
        assertThat(
                        Case.readOnly()
                                .saw("/", EROFS)
                                .waiver(waiver("2026-11-22", FindingKind.EXPOSED))
                                .judge()
                                .findings())
                .isEmpty();
    }

    @Test
    void aWaiverOfAnotherKindDoesNotWaive() {
        assertThat(
                        only(Case.writable()
                                        .saw("/", WRITABLE)
                                        .waiver(waiver("", FindingKind.DRIFT))
                                        .judge())
                                .waived())
                .isFalse();
    }

    // Labels

    @Test
    void labelsWaiveOnlyWherePolicyHonoursThem() {
        Case c =
                Case.writable().saw("/", WRITABLE).label("writeprobe.waive", "exposed:/, nonsense");
        assertThat(only(c.judge()).waived()).isTrue();
        assertThat(only(c.deafToLabels().judge()).waived()).isFalse();
    }

    @Test
    void labelsExtendTheListOfWritablePathsButGrantNoSensitiveOnes() {
        Case listed =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/cache", MountKind.VOLUME, "cache", true)
                        .saw("/cache", WRITABLE)
                        .rule(Access.READ_ONLY, List.of("/tmp"), List.of())
                        .label("writeprobe.writable", "/cache, not-a-path");
        assertThat(listed.judge().findings()).isEmpty();
        Case sensitive =
                Case.readOnly()
                        .saw("/", EROFS)
                        .mount("/mnt", MountKind.BIND, "/etc", true)
                        .saw("/mnt", WRITABLE)
                        .label("writeprobe.writable", "/mnt");
        assertThat(sensitive.judge().findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED);
    }

    @Test
    void pathsThatARuleSpeaksOfAreProbed() {
        ContainerReport any = Case.readOnly().judge();
        Judge judge =
                new Judge(
                        new io.github.writeprobe.policy.Policy(
                                Severity.HIGH,
                                false,
                                List.of(
                                        new io.github.writeprobe.policy.Rule(
                                                "rule 1",
                                                new Match(Map.of("image", "nginx*")),
                                                Access.READ_ONLY,
                                                Optional.of(List.of("/data")),
                                                List.of("/scratch"))),
                                List.of()),
                        Case.TODAY);
        assertThat(judge.pathsOf(any.container())).containsExactly("/scratch", "/data");
    }

    // Size

    /// A container's mount table may be its own invention, and many may be judged in a second.
    @Test
    @Timeout(10)
    void thousandsOfMountsAreJudgedInABoundedTimeAndCostFewFindings() {
        ContainerReport report = withMounts(MountTable.MOST - 10).judge();
        assertThat(report.findings()).hasSizeLessThan(40);
        assertThat(report.findings().getFirst().message())
                .startsWith("Besides, ")
                .contains("more writable mounts");
    }

    @Test
    void aTableThatIsTooLongToBeReadProvesNothing() {
        ContainerReport report = withMounts(MountTable.MOST + 10).judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(report.unproved())
                .singleElement()
                .asString()
                .contains("its mount table has 10000 entries or more");
    }

    private static Case withMounts(int count) {
        Case c = Case.readOnly().saw("/", EROFS);
        for (int i = 0; i < count; i++) {
            c.table("/t" + i, "tmpfs", "rw");
            if (i % 2 == 0) {
                c.saw("/t" + i, WRITABLE);
            }
        }
        return c;
    }
}
