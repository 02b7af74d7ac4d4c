package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A probe may be root in a container of others: it must not do harm, and a container must not be
/// able to make it do harm.
@Tag("image-store")
class ProbeSafetyIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// A user of the container replaces every probe file in the user's own directory by a program,
    /// as fast as possible.
    @ParameterizedTest
    @EnumSource(names = {"BUSYBOX", "BASH"})
    @Tag("long")
    void aProbeFileThatIsSwappedIsNotRunByOtherShellsEither(Lab.Image image) throws Exception {
        swapped(image);
    }

    @Test
    void aProbeFileThatIsSwappedIsNotRunAndItsTargetNotChanged() throws Exception {
        swapped(Lab.Image.DASH);
    }

    private void swapped(Lab.Image image) throws Exception {
        Path own = lab.directory("own-" + image);
        Path victim =
                Files.writeString(lab.directory("victim-" + image).resolve("file"), "secret\n");
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-r--r--"));
        lab.docker(
                "run",
                "--rm",
                "--label",
                lab.label(),
                "--network",
                "none",
                "-v",
                own + ":/own",
                lab.image(Lab.Image.BUSYBOX),
                "chown",
                "1000:1000",
                "/own");
        String container =
                lab.start(
                        image,
                        "--read-only",
                        "-v",
                        own + ":/data",
                        "-v",
                        victim + ":/victim",
                        "--tmpfs",
                        "/tmp:exec");
        String attack =
                "cd /data; while :; do for f in .writeprobe-*; do [ -f \"$f\" ] && [ ! -L \"$f\" ] && {"
                        + " printf '#!/bin/sh\\nid >/data/got-root\\n' >p; chmod 777 p; mv -f p \"$f\"; };"
                        + " [ -e \"$f\" ] && { ln -sf /victim l; mv -f l \"$f\"; }; done; done";
        lab.docker("exec", "-d", "-u", "1000", container, "sh", "-c", attack);
        for (int i = 0; i < 6; i++) {
            lab.writeprobe("audit", container);
        }
        assertThat(own.resolve("got-root")).doesNotExist();
        assertThat(Files.readString(victim)).isEqualTo("secret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                .isEqualTo("rw-r--r--");
    }

    @ParameterizedTest
    @EnumSource(names = {"BUSYBOX", "DASH", "BASH"})
    void noProcessIsLeftNotEvenADeadOne(Lab.Image image) {
        String container = lab.start(image, "--read-only", "--tmpfs", "/tmp", "--pids-limit", "16");
        for (int i = 0; i < 3; i++) {
            assertThat(lab.writeprobe("audit", container).code()).isZero();
        }
        assertThat(
                        lab.exec(
                                container,
                                "for f in /proc/[0-9]*/stat; do read -r l <$f && echo \"$l\"; done"))
                .doesNotContain(" Z ");
    }

    @Test
    void tracingThatTheEnvironmentTurnsOnDoesNotMixWithTheAnswer() {
        String container =
                lab.start(
                        lab.image(Lab.Image.BASH),
                        List.of("/bin/sleep", "3600"),
                        "--read-only",
                        "-e",
                        "SHELLOPTS=xtrace",
                        "--tmpfs",
                        "/tmp");
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.unwrapped()).contains("/tmp (memory)").contains("1 compliant");
        assertThat(run.code()).isZero();
    }

    @Test
    void aFileBehindASymbolicLinkProvesNothingAboutTheRootFilesystem() throws Exception {
        String image =
                lab.image(
                        Lab.Image.DASH,
                        "debian",
                        "mkdir -p $tree/run $tree/var && rm -rf $tree/var/run && ln -s ../run $tree/var/run");
        Path file = Files.writeString(lab.directory("linked").resolve("app.conf"), "x\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        String writable =
                lab.start(
                        image,
                        List.of("sleep", "3600"),
                        "--user",
                        "1000",
                        "-v",
                        file + ":/var/run/app.conf:ro");
        Lab.Run exposed = lab.writeprobe("audit", writable);
        assertThat(exposed.unwrapped()).contains("HIGH exposed");
        assertThat(exposed.code()).isEqualTo(1);
        String readOnly =
                lab.start(
                        image,
                        List.of("sleep", "3600"),
                        "--read-only",
                        "-v",
                        file + ":/var/run/app.conf");
        Lab.Run fine = lab.writeprobe("audit", readOnly);
        assertThat(fine.unwrapped())
                .contains("/var/run/app.conf (shared) ")
                .doesNotContain("drift")
                .contains("1 compliant");
    }

    @Test
    void aSetgidFileOfTheHostKeepsItsMode() throws Exception {
        Path file = Files.writeString(lab.directory("setgid").resolve("tool"), "x\n");
        lab.docker(
                "run",
                "--rm",
                "--label",
                lab.label(),
                "--network",
                "none",
                "-v",
                file + ":/f",
                lab.image(Lab.Image.BUSYBOX),
                "sh",
                "-c",
                "chown 1000:2000 /f && chmod 2555 /f");
        lab.writeprobe(
                "audit",
                lab.start(
                        Lab.Image.DASH,
                        "--read-only",
                        "--user",
                        "1000:1000",
                        "-v",
                        file + ":/tool"));
        assertThat(Lab.run(java.util.Map.of(), List.of("stat", "-c", "%a", file.toString())).out())
                .isEqualTo("2555\n");
    }

    @Test
    void aLimitOfFileSizesLeavesNoFileBehind() {
        String container = lab.start(Lab.Image.BUSYBOX, "--ulimit", "fsize=0");
        lab.writeprobe("audit", container);
        assertThat(lab.exec(container, "ls -a / /tmp /etc")).doesNotContain("writeprobe");
    }

    @Test
    void mountsThatCameAlongWithABindAreNotWrittenTo() throws Exception {
        Path bound = lab.directory("bound");
        Path below = Files.createDirectories(bound.resolve("below"));
        onHost("mount", "-t", "tmpfs", "tmpfs", below.toString());
        try {
            Object before = Files.getLastModifiedTime(below);
            String container =
                    lab.start(
                            Lab.Image.BUSYBOX,
                            Stream.concat(
                                            Stream.of("--read-only"),
                                            lab.readOnlyAtItsTop(bound, "/host"))
                                    .toArray(String[]::new));
            Lab.Run run = lab.writeprobe("audit", container);
            assertThat(Files.getLastModifiedTime(below)).isEqualTo(before);
            assertThat(run.unwrapped())
                    .contains("The mount /host has writable mounts below it: /host/below");
        } finally {
            onHost("umount", below.toString());
        }
    }

    private static void onHost(String... command) {
        Lab.Run run = Lab.run(java.util.Map.of(), List.of(command));
        assertThat(run.code()).as(run.output()).isZero();
    }
}
