package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.probes.Identity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a container's word and the kernel's cannot both be true, and which of them counts.
class ContradictionsTest {
    private static final Identity SERVICE = Identity.SERVICE;
    private static final Identity ROOT = Identity.ROOT;

    private static boolean contradicted(Case c) {
        return c.judge().findings().stream().anyMatch(f -> f.kind() == FindingKind.CONTRADICTION);
    }

    @Test
    void aRefusalWithErofsWhereTheKernelWroteIsOneWhoeverAsked() {
        Case c = Case.writable().saw("/", Case.EROFS).kernel(ROOT, 0, "/", Case.WRITABLE);
        Finding finding = c.judge().findings().getFirst();
        assertThat(finding.kind()).isEqualTo(FindingKind.CONTRADICTION);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.message())
                .isEqualTo(
                        "The container does not say what the kernel says of /: its exec claims that"
                                + " uid 1000 was refused with EROFS, and the kernel let uid 0 write");
    }

    @Test
    void theKernelsWordCountsForWhatIsReadOnly() {
        ContainerReport denied =
                Case.writable().saw("/", Case.EROFS).kernel(ROOT, 0, "/", Case.WRITABLE).judge();
        assertThat(denied.findings())
                .extracting(Finding::kind)
                .contains(FindingKind.EXPOSED, FindingKind.CONTRADICTION);
        ContainerReport claimed =
                Case.readOnly().saw("/", Case.WRITABLE).kernel(ROOT, 0, "/", Case.EROFS).judge();
        assertThat(claimed.findings())
                .extracting(Finding::kind)
                .containsExactly(FindingKind.CONTRADICTION);
        assertThat(claimed.verdict()).isEqualTo(Verdict.VIOLATING);
    }

    @Test
    void permissionsAreComparedForRootOnly() {
        Case base = Case.readOnly().saw("/", Case.EROFS).mount("/d", MountKind.VOLUME, "d", true);
        assertThat(
                        contradicted(
                                base.saw("/d", Case.EACCES)
                                        .kernel(SERVICE, 999, "/d", Case.WRITABLE)))
                .isFalse();
        // An exec has not always the groups and the capabilities of the first process.
        assertThat(contradicted(base.kernel(SERVICE, 1000, "/d", Case.WRITABLE))).isFalse();
        assertThat(contradicted(forbidden())).isTrue();
    }

    @Test
    void whereASecurityModuleMayStandBetweenARefusalIsNone() {
        for (String label :
                List.of("system_u:system_r:container_t:s0:c1,c2", "my-profile (enforce)")) {
            assertThat(contradicted(forbidden().confined(label))).as(label).isFalse();
        }
        for (String label : List.of("", "unconfined", "docker-default (enforce)")) {
            assertThat(contradicted(forbidden().confined(label))).as(label).isTrue();
        }
    }

    private static Case forbidden() {
        return Case.readOnly()
                .mount("/d", MountKind.VOLUME, "d", true)
                .sawAsRoot("/d", Case.EACCES)
                .kernel(ROOT, 0, "/d", Case.WRITABLE);
    }

    @Test
    void aWriteThatTheKernelForbidsThisUidIsNone() {
        Case c =
                Case.readOnly()
                        .mount("/d", MountKind.VOLUME, "d", true)
                        .saw("/d", Case.WRITABLE)
                        .kernel(SERVICE, 1000, "/d", Case.EACCES);
        assertThat(contradicted(c)).isFalse();
    }

    @Test
    void whatOneCannotTellContradictsNothing() {
        for (var said : List.of(Case.INCONCLUSIVE, Case.SPECIAL)) {
            assertThat(
                            contradicted(
                                    Case.writable()
                                            .saw("/", said)
                                            .kernel(SERVICE, 1000, "/", Case.WRITABLE)))
                    .isFalse();
        }
        assertThat(
                        contradicted(
                                Case.writable()
                                        .saw("/", Case.WRITABLE)
                                        .kernel(SERVICE, 1000, "/", Case.INCONCLUSIVE)))
                .isFalse();
        assertThat(
                        contradicted(
                                Case.readOnly()
                                        .saw("/", Case.EROFS)
                                        .kernel(SERVICE, 1000, "/", Case.EACCES)))
                .isFalse();
    }

    @Test
    void whatIsThereForTheKernelAndNotForTheContainerIsOne() {
        assertThat(
                        contradicted(
                                Case.writable()
                                        .sawAsRoot("/tmp", Case.ABSENT)
                                        .kernel(ROOT, 0, "/tmp", Case.WRITABLE)))
                .isTrue();
        assertThat(
                        contradicted(
                                Case.writable()
                                        .sawAsRoot("/tmp", Case.WRITABLE)
                                        .kernel(ROOT, 0, "/tmp", Case.ABSENT)))
                .isTrue();
        // Whoever may not search a directory finds nothing in it.
        assertThat(
                        contradicted(
                                Case.writable()
                                        .saw("/tmp", Case.ABSENT)
                                        .kernel(SERVICE, 1000, "/tmp", Case.WRITABLE)))
                .isFalse();
    }
}
