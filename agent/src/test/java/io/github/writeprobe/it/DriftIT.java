package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Containers that are declared read-only and are not, or no longer.
@Tag("image-store")
class DriftIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @Test
    void aRootFilesystemThatWasRemountedIsDriftAndCritical() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        assertThat(lab.writeprobe("audit", container).code()).isZero();
        lab.mount(container, "-o", "remount,bind,rw", "/");
        assertThat(lab.docker("inspect", "-f", "{{.HostConfig.ReadonlyRootfs}}", container))
                .startsWith("true");
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.unwrapped())
                .contains("DRIFTED")
                .contains("CRITICAL drift")
                .contains("is declared read-only, but uid 0")
                .contains("1 critical");
        lab.mount(container, "-o", "remount,bind,ro", "/");
        assertThat(lab.writeprobe("audit", container).code()).isZero();
    }

    @Test
    void aServiceThatIsNotRootFindsTheDriftWhereItMayWrite() {
        String container = lab.start(Lab.Image.DASH, "--read-only", "--user", "1000");
        lab.mount(container, "-o", "remount,bind,rw", "/");
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.unwrapped())
                .contains("CRITICAL drift")
                .contains("but uid 1000 wrote to /tmp, /var/tmp");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aReadOnlyVolumeThatWasRemountedIsDrift() {
        Path host = lab.directory("ro");
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", host + ":/data:ro");
        assertThat(lab.writeprobe("audit", container).code()).isZero();
        lab.mount(container, "-o", "remount,bind,rw", "/data");
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.unwrapped())
                .contains("CRITICAL drift")
                .contains("The mount /data is declared read-only");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void undeclaredMountIsAMediumFinding() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        lab.mount(container, "-t", "tmpfs", "tmpfs", "/home");
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.unwrapped()).contains("MEDIUM undeclared").contains("/home");
        assertThat(run.code()).isZero();
        assertThat(lab.writeprobe("audit", "--fail-on", "medium", container).code()).isEqualTo(1);
    }

    @Test
    void aCapabilityThatCanRemountIsBypassable() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--cap-add", "SYS_ADMIN");
        assertThat(lab.writeprobe("audit", container).unwrapped())
                .contains("MEDIUM bypassable")
                .contains("it has CAP_SYS_ADMIN");
    }

    @Test
    void explainShowsDeclarationObservationRuleEvidenceAndRemedy() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        lab.mount(container, "-o", "remount,bind,rw", "/");
        Lab.Run run = lab.writeprobe("explain", container, "/etc");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.unwrapped())
                .contains("declared ReadonlyRootfs=true")
                .contains("observed exec as service (uid 0): wrote, and ran what it wrote")
                .contains("policy read-only (the default rule)")
                .contains("critical drift at /")
                .contains("evidence mount table: ")
                .contains("remedy Something remounted it")
                .doesNotContain("/var/tmp -");
    }
}
