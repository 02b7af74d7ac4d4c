package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static io.github.writeprobe.judge.JudgeCase.only;
import static io.github.writeprobe.judge.JudgeCase.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Persistence;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
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
