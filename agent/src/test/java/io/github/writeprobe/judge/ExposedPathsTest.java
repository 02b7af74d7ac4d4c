package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.SPECIAL;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static io.github.writeprobe.judge.JudgeCase.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Waiver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is exposed: paths of the host, and sockets of engines.
class ExposedPathsTest {
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
}
