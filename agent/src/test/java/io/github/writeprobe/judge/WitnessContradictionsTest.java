package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.ProbeIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a container's report and the kernel's cannot both be true, and which of them counts.
class WitnessContradictionsTest {
    private static final ProbeIdentity SERVICE = ProbeIdentity.SERVICE;
    private static final ProbeIdentity ROOT = ProbeIdentity.ROOT;

    private static boolean isContradicted(JudgeCase c) {
        return c.judge().findings().stream().anyMatch(f -> f.kind() == FindingKind.CONTRADICTION);
    }

    @Test
    void aRefusalWithErofsWhereTheKernelWroteIsOneForEveryIdentity() {
        JudgeCase c =
                JudgeCase.writable()
                        .observed("/", JudgeCase.EROFS)
                        .kernelObserved(ROOT, 0, "/", JudgeCase.WRITABLE);
        Finding finding = c.judge().findings().getFirst();
        assertThat(finding.kind()).isEqualTo(FindingKind.CONTRADICTION);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.message())
                .isEqualTo(
                        "The container contradicts the kernel about /: exec reported that uid 1000"
                                + " was refused with EROFS, but the kernel let uid 0 write");
    }

    @Test
    void theKernelsObservationDecidesWhatIsReadOnly() {
        ContainerReport denied =
                JudgeCase.writable()
                        .observed("/", JudgeCase.EROFS)
                        .kernelObserved(ROOT, 0, "/", JudgeCase.WRITABLE)
                        .judge();
        assertThat(denied.findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED, FindingKind.CONTRADICTION);
        ContainerReport claimed =
                JudgeCase.readOnly()
                        .observed("/", JudgeCase.WRITABLE)
                        .kernelObserved(ROOT, 0, "/", JudgeCase.EROFS)
                        .judge();
        assertThat(claimed.findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.CONTRADICTION);
        assertThat(claimed.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void permissionsAreComparedForRootOnly() {
        JudgeCase base =
                JudgeCase.readOnly()
                        .observed("/", JudgeCase.EROFS)
                        .mount("/d", MountKind.VOLUME, "d", true);
        assertThat(
                        isContradicted(
                                base.observed("/d", JudgeCase.EACCES)
                                        .kernelObserved(SERVICE, 999, "/d", JudgeCase.WRITABLE)))
                .isFalse();
        // An exec does not always have the groups and the capabilities of the first process.
        assertThat(isContradicted(base.kernelObserved(SERVICE, 1000, "/d", JudgeCase.WRITABLE)))
                .isFalse();
        assertThat(isContradicted(deniedAsRoot())).isTrue();
    }

    @Test
    void refusalUnderASecurityModuleIsNoContradiction() {
        for (String label :
                List.of("system_u:system_r:container_t:s0:c1,c2", "my-profile (enforce)")) {
            assertThat(isContradicted(deniedAsRoot().confined(label))).as(label).isFalse();
        }
        for (String label : List.of("", "unconfined", "docker-default (enforce)")) {
            assertThat(isContradicted(deniedAsRoot().confined(label))).as(label).isTrue();
        }
    }

    private static JudgeCase deniedAsRoot() {
        return JudgeCase.readOnly()
                .mount("/d", MountKind.VOLUME, "d", true)
                .observedAsRoot("/d", JudgeCase.EACCES)
                .kernelObserved(ROOT, 0, "/d", JudgeCase.WRITABLE);
    }

    @Test
    void aWriteThatTheKernelForbidsThisUidIsNone() {
        JudgeCase c =
                JudgeCase.readOnly()
                        .mount("/d", MountKind.VOLUME, "d", true)
                        .observed("/d", JudgeCase.WRITABLE)
                        .kernelObserved(SERVICE, 1000, "/d", JudgeCase.EACCES);
        assertThat(isContradicted(c)).isFalse();
    }

    @Test
    void inconclusiveObservationIsNoContradiction() {
        for (var claimed : List.of(JudgeCase.INCONCLUSIVE, JudgeCase.SPECIAL)) {
            assertThat(
                            isContradicted(
                                    JudgeCase.writable()
                                            .observed("/", claimed)
                                            .kernelObserved(
                                                    SERVICE, 1000, "/", JudgeCase.WRITABLE)))
                    .isFalse();
        }
        assertThat(
                        isContradicted(
                                JudgeCase.writable()
                                        .observed("/", JudgeCase.WRITABLE)
                                        .kernelObserved(
                                                SERVICE, 1000, "/", JudgeCase.INCONCLUSIVE)))
                .isFalse();
        assertThat(
                        isContradicted(
                                JudgeCase.readOnly()
                                        .observed("/", JudgeCase.EROFS)
                                        .kernelObserved(SERVICE, 1000, "/", JudgeCase.EACCES)))
                .isFalse();
    }

    @Test
    void whatIsThereForTheKernelAndNotForTheContainerIsOne() {
        assertThat(
                        isContradicted(
                                JudgeCase.writable()
                                        .observedAsRoot("/tmp", JudgeCase.ABSENT)
                                        .kernelObserved(ROOT, 0, "/tmp", JudgeCase.WRITABLE)))
                .isTrue();
        assertThat(
                        isContradicted(
                                JudgeCase.writable()
                                        .observedAsRoot("/tmp", JudgeCase.WRITABLE)
                                        .kernelObserved(ROOT, 0, "/tmp", JudgeCase.ABSENT)))
                .isTrue();
        // A user who may not search a directory sees no file in it.
        assertThat(
                        isContradicted(
                                JudgeCase.writable()
                                        .observed("/tmp", JudgeCase.ABSENT)
                                        .kernelObserved(SERVICE, 1000, "/tmp", JudgeCase.WRITABLE)))
                .isFalse();
    }
}
