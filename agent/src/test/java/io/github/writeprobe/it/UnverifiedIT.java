package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What cannot be verified is reported as unverified, with the cause, in bounded time.
class UnverifiedIT {
    /// A fake shell: a static busybox with another applet's name, found as `sh`.
    private static final String AS_SH =
            "mkdir -p $tree/bin; cp /bin/busybox $tree/sleep; cp /bin/busybox $tree/bin/busybox; ";

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static Lab.Run unverified(String container, String cause) {
        Instant before = Instant.now();
        Lab.Run run = lab.writeprobe("audit", "--witness", "exec", container);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(run.unwrapped()).contains("1 container: 1 unverified").contains(cause);
        assertThat(run.code()).isEqualTo(3);
        return run;
    }

    @Test
    void anImageWithoutAShell() {
        unverified(lab.start(Lab.Image.NO_SHELL, "--read-only"), "the image has no shell");
    }

    @Test
    void anImageWithoutRmIsNotWrittenTo() {
        String container = lab.start(Lab.Image.NO_RM, "--read-only", "--tmpfs", "/tmp");
        unverified(container, "the image has no rm, so nothing was written");
        assertThat(lab.exec(container, "ls -a /tmp")).doesNotContain("writeprobe");
    }

    @Test
    void aPausedContainer() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        lab.docker("pause", container);
        unverified(container, "the container is paused");
        lab.docker("unpause", container);
    }

    @Test
    void aWritableContainerThatCannotBeProbedIsStillExposed() {
        Lab.Run run = lab.writeprobe("audit", "--witness", "exec", lab.start(Lab.Image.NO_SHELL));
        assertThat(run.out()).contains("HIGH exposed").contains("the image has no shell");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aContainerThatStopsDuringTheProbe() throws Exception {
        String image =
                lab.image(
                        Lab.Image.DASH, "slowrm", "printf '#!/bin/sh\\nsleep 30\\n' >$tree/bin/rm");
        String container =
                lab.start(image, List.of("sleep", "3600"), "--read-only", "--tmpfs", "/tmp");
        CompletableFuture<Lab.Run> audit =
                CompletableFuture.supplyAsync(
                        () -> lab.writeprobe("audit", "--witness", "exec", container));
        // The audit starts to probe within two seconds, and times out five seconds later.
        Thread.sleep(3000);
        lab.docker("kill", container);
        Lab.Run run = audit.get();
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.unwrapped()).contains("1 unverified").contains("stopped");
    }

    @Test
    void aShellThatNeverReturnsCostsItsTimeOut() {
        String image =
                lab.image(
                        "hang",
                        AS_SH
                                + "printf '#!/bin/busybox sh\\nexec /sleep 3600\\n' >$tree/bin/sh; chmod 755 $tree/bin/sh");
        unverified(
                lab.start(image, List.of("/sleep", "3600"), "--read-only"),
                "did not finish in time");
    }

    @Test
    void aShellThatPrintsWithoutEndIsCapped() {
        String image =
                lab.image(
                        "yes",
                        AS_SH
                                + "printf '#!/bin/busybox sh\\nexec /bin/busybox yes\\n' >$tree/bin/sh; chmod 755 $tree/bin/sh");
        unverified(
                lab.start(image, List.of("/sleep", "3600"), "--read-only"),
                "the output is larger than the limit");
    }

    @Test
    void aShellThatRepeatsItsArgumentsInTheFormatOfTheProbeIsNotBelieved() {
        String lie =
                "#!/bin/busybox sh\\nfor w in START \"UID 0\" MOUNTS END; do echo \"$4 $w\"; done\\n";
        String image =
                lab.image(
                        "parrot",
                        AS_SH + "printf '" + lie + "' >$tree/bin/sh; chmod 755 $tree/bin/sh");
        unverified(
                lab.start(image, List.of("/sleep", "3600"), "--read-only"),
                "is not in the probe's format");
    }

    @Test
    void oneContainerThatHangsBlocksNoOther() {
        String image =
                lab.image(
                        "hang2",
                        AS_SH
                                + "printf '#!/bin/busybox sh\\nexec /sleep 3600\\n' >$tree/bin/sh; chmod 755 $tree/bin/sh");
        String hung = lab.start(image, List.of("/sleep", "3600"), "--read-only");
        String good = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Lab.Run run = lab.writeprobe("audit", "--witness", "exec", hung, good);
        assertThat(run.out()).contains("2 containers: 1 unverified, 1 compliant");
        assertThat(run.code()).isEqualTo(3);
    }

    @Test
    void aServiceThatMayNotWriteProvesNothingUnlessRootIsAskedToo() throws Exception {
        Path host = lab.directory("own");
        Files.setPosixFilePermissions(
                host, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--user", "1000");
        lab.mount(container, "-t", "tmpfs", "-o", "ro,mode=755", "tmpfs", "/home");
        Path config =
                Files.writeString(
                        lab.directory("config").resolve("writeprobe.yml"),
                        "probe:\n  exec-as-root: true\n");
        Lab.Run run =
                lab.writeprobe(
                        "audit", "--format", "json", "--config.file", config.toString(), container);
        assertThat(run.out()).contains("\"identity\": \"root\"");
        assertThat(run.code()).isZero();
    }
}
