package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Containers that try to evade or disturb an audit, one attack for each test. The verdict is
/// correct, or unverified with the cause. The audit takes a bounded time and leaves nothing behind.
/// The verdict of another container in the same audit is correct.
class HostileContainersIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @AutoClose private static Lab lab;
    private static CProgram mountProgram;
    private static CProgram fuse;
    private static String neighbour = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
        Path programs = lab.directory("programs");
        mountProgram = CProgram.compile("behind", programs);
        fuse = CProgram.compile("fuse", programs);
        neighbour = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
    }

    /// The container's report from an audit together with the other container.
    private static JsonNode audit(String witness, String container) {
        Instant before = Instant.now();
        Lab.Run run =
                lab.writeprobe(
                        "audit", "--witness", witness, "--format", "json", container, neighbour);
        assertThat(Duration.between(before, Instant.now())).isLessThan(BOUND);
        JsonNode report = report(run, container);
        assertThat(report(run, neighbour).path("verdict").asText()).isEqualTo("compliant");
        assertThat(report.path("findings").findValuesAsText("kind"))
                .doesNotContain("contradiction");
        return report;
    }

    private static JsonNode report(Lab.Run run, String name) {
        try {
            for (JsonNode c : new JsonMapper().readTree(run.out()).path("containers")) {
                if (c.path("name").asText().equals(name)) {
                    return c;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(run.output(), e);
        }
        throw new AssertionError("no " + name + " in " + run.output());
    }

    private static void assertVerdict(String witness, String container, String expected) {
        JsonNode report = audit(witness, container);
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo(expected);
    }

    private static void changeMounts(String container, String... what) {
        String[] args = new String[what.length + 1];
        args[0] = Long.toString(lab.pid(container));
        System.arraycopy(what, 0, args, 1, what.length);
        Lab.Run run = mountProgram.run(args);
        assertThat(run.code()).as(run.output()).isZero();
    }

    @ConcurrentTest
    void aShellThatForksWithoutEndUnderALimitOfProcesses() {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "forks",
                        """
                        rm $tree/bin/sh
                        printf '#!/bin/busybox ash\\nwhile :; do /bin/busybox sleep 20 & done\\n' >$tree/bin/sh
                        chmod 755 $tree/bin/sh
                        """);
        String container =
                lab.start(image, List.of("sleep", "3600"), "--read-only", "--pids-limit", "32");
        JsonNode exec = audit("exec", container);
        assertThat(exec.path("verdict").asText()).as(exec.toString()).isEqualTo("unverified");
        assertThat(exec.path("unproved")).isNotEmpty();
        assertVerdict("procfs", container, "compliant");
    }

    /// The file remains, since nothing else may remove it, and the report names it.
    @ConcurrentTest
    void anRmThatDoesNotRemoveIsReported() {
        String image =
                lab.image(
                        Lab.Image.DASH,
                        "rm",
                        "rm $tree/bin/rm; printf '#!/bin/sh\\n' >$tree/bin/rm; chmod 755 $tree/bin/rm");
        String container =
                lab.start(image, List.of("sleep", "3600"), "--read-only", "--tmpfs", "/tmp");
        assertThat(audit("procfs", container).path("leftovers")).isEmpty();
        assertThat(lab.exec(container, "ls -a /tmp")).doesNotContain("writeprobe");
        assertThat(audit("exec", container).path("leftovers").toString()).contains("/tmp");
    }

    private static Path directoryWithAttribute(String name, String attribute) {
        // Not below /tmp, which may be a tmpfs, which does not support such attributes.
        try {
            Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "wplab-" + name);
            Files.createDirectory(directory.resolve("data"));
            setAttribute(directory, attribute);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void setAttribute(Path directory, String attribute) {
        Lab.Run run =
                Lab.run(
                        Map.of(),
                        List.of("chattr", attribute, directory.resolve("data").toString()));
        assertThat(run.code()).as(run.output()).isZero();
    }

    private static void removeDirectory(Path directory, String attribute) {
        setAttribute(directory, attribute);
        Lab.run(Map.of(), List.of("rm", "-rf", directory.toString()));
    }

    private static String startWithData(Path directory) {
        return lab.start(
                Lab.Image.BUSYBOX, "--read-only", "-v", directory.resolve("data") + ":/data");
    }

    @ConcurrentTest
    void anImmutableDirectoryIsOneThatTheServiceCannotWrite() {
        Path directory = directoryWithAttribute("immutable", "+i");
        try {
            String container = startWithData(directory);
            for (String witness : List.of("exec", "procfs", "auto")) {
                JsonNode report = audit(witness, container);
                assertThat(report.path("verdict").asText()).isEqualTo("compliant");
                assertThat(report.path("findings").findValuesAsText("kind")).contains("unwritable");
            }
        } finally {
            removeDirectory(directory, "-i");
        }
    }

    /// A file that is created there cannot be removed. exec reports that, and procfs creates no
    /// named file.
    @ConcurrentTest
    void anAppendOnlyDirectoryKeepsNothingOfTheProcfsProbe() {
        Path directory = directoryWithAttribute("append", "+a");
        try {
            String container = startWithData(directory);
            assertVerdict("procfs", container, "compliant");
            assertThat(directory.resolve("data")).isEmptyDirectory();
            assertThat(audit("exec", container).path("leftovers").toString()).contains("/data");
        } finally {
            removeDirectory(directory, "-a");
        }
    }

    @ConcurrentTest
    void twoThousandMountsAreFoundInABoundedTime() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/m");
        changeMounts(container, "many", "/m");
        for (String witness : List.of("procfs", "exec")) {
            JsonNode report = audit(witness, container);
            assertThat(report.path("verdict").asText()).isEqualTo("violating");
            assertThat(report.path("findings").toString()).contains("1968 more writable mounts");
        }
    }

    @ConcurrentTest
    void ofMountsThatLieOnOneAnotherTheLastCounts() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        changeMounts(container, "pile", "/tmp");
        assertVerdict("procfs", container, "compliant");
        assertVerdict("exec", container, "compliant");
        changeMounts(container, "tmpfs", "/tmp");
        assertVerdict("procfs", container, "violating");
        assertVerdict("exec", container, "violating");
    }

    @ConcurrentTest
    void withItsProcHiddenOnlyTheKernelCanProbe() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        changeMounts(container, "tmpfs-ro", "/proc");
        assertThat(audit("exec", container).path("verdict").asText()).isEqualTo("unverified");
        assertVerdict("procfs", container, "compliant");
    }

    /// The runtime starts no exec in a container whose /proc is not procfs, so exec has no result.
    @ConcurrentTest
    void aForgedProcHidesNothing() {
        String container =
                lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/run");
        lab.exec(
                container, "mkdir /run/self; cp /proc/self/mountinfo /proc/self/status /run/self/");
        changeMounts(container, "tmpfs", "/home");
        changeMounts(container, "bind", "/run", "/proc");
        assertThat(audit("exec", container).path("verdict").asText()).isEqualTo("unverified");
        for (String witness : List.of("procfs", "auto")) {
            JsonNode report = audit(witness, container);
            assertThat(report.path("verdict").asText()).isEqualTo("violating");
            assertThat(report.path("findings").findValuesAsText("kind")).contains("undeclared");
        }
    }

    /// Its random UUID is always the same, so the probe's file has the name of an existing file.
    @ConcurrentTest
    void aFileThatHasTheNameOfTheProbesIsNotTouched() {
        String container =
                lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/run");
        lab.exec(container, "echo known >/run/uuid; echo kept >/tmp/.writeprobe-known");
        changeMounts(container, "bind", "/run/uuid", "/proc/sys/kernel/random/uuid");
        changeMounts(container, "ro", "/proc/sys/kernel/random/uuid");
        JsonNode exec = audit("exec", container);
        assertThat(exec.findValuesAsText("cause"))
                .as(exec.toString())
                .containsExactly("name-taken");
        assertVerdict("auto", container, "compliant");
        assertThat(lab.exec(container, "cat /tmp/.writeprobe-known; ls -A /tmp"))
                .isEqualTo("kept\n.writeprobe-known\n");
    }

    /// If it is declared writable, it is reported as unwritable. If it is declared read-only, the
    /// failed write proves nothing.
    @ParameterizedTest
    @EnumSource
    void aDiskWithoutRoomIsNotTakenForReadOnly(NoRoom noRoom) throws Exception {
        try (Disk disk = Disk.mount(lab.directory(noRoom.name()), noRoom)) {
            String data = disk.directory() + ":/data";
            String writable = lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", data);
            String drifted = lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", data + ":ro");
            changeMounts(drifted, "rw", "/data");
            for (String witness : List.of("procfs", "exec", "auto")) {
                JsonNode report = audit(witness, writable);
                assertThat(report.path("findings").findValuesAsText("kind"))
                        .as(report.toString())
                        .contains("unwritable");
                JsonNode other = audit(witness, drifted);
                assertThat(other.path("verdict").asText())
                        .as(other.toString())
                        .isNotEqualTo("compliant");
            }
        }
    }

    enum NoRoom {
        FULL(
                """
                truncate -s 8M "$1"
                mkfs.ext4 -q -m 0 "$1"
                mount -o loop "$1" "$2"
                # What is set aside until it is written comes free again.
                for size in 64k 1k 1k 1k; do
                    dd if=/dev/zero bs=$size 2>&- >>"$2/large" || true
                    sync -f "$2"
                done
                """),
        OVER_QUOTA(
                """
                truncate -s 128M "$1"
                mkfs.btrfs -q "$1"
                mount -o loop "$1" "$2"
                btrfs quota enable "$2"
                btrfs qgroup limit 1M "$2"
                dd if=/dev/zero of="$2/large" bs=64k count=100 2>&- || true
                ! touch "$2/more" 2>&-
                """);

        private final String script;

        NoRoom(String script) {
            this.script = script;
        }
    }

    /// A separate filesystem.
    private record Disk(Path directory) implements AutoCloseable {
        static Disk mount(Path work, NoRoom noRoom) throws IOException {
            Disk disk = new Disk(Files.createDirectory(work.resolve("disk")));
            run("sh", "-ec", noRoom.script, "sh", work.resolve("image").toString(), disk.path());
            run("chmod", "777", disk.path());
            return disk;
        }

        private String path() {
            return directory.toString();
        }

        private static void run(String... command) {
            Lab.Run run = Lab.run(Map.of(), List.of(command));
            assertThat(run.code()).as(run.output()).isZero();
        }

        @Override
        public void close() {
            run("umount", "-l", path());
        }
    }

    @ConcurrentTest
    void aMountThatComesAndGoesWithoutEndIsNeverMistakenForAnother() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        Process churn =
                new ProcessBuilder(
                                mountProgram.binary().toString(),
                                Long.toString(lab.pid(container)),
                                "churn",
                                "/home")
                        .start();
        try {
            for (String witness : List.of("procfs", "exec", "auto", "procfs")) {
                JsonNode report = audit(witness, container);
                assertThat(report.path("findings").findValuesAsText("kind"))
                        .as(report.toString())
                        .doesNotContain("drift", "exposed");
            }
        } finally {
            churn.destroyForcibly().waitFor();
        }
        assertThat(lab.exec(container, "ls -a /home")).doesNotContain("writeprobe");
    }

    @ConcurrentTest
    void trapsForTheShellInTheEnvironmentAreNotStepped() {
        String image =
                lab.image(
                        Lab.Image.BASH,
                        "traps",
                        "printf 'echo trapped >/tmp/trapped; exit 0\\n' >$tree/trap.sh");
        String container =
                lab.start(
                        image,
                        List.of("/bin/sleep", "3600"),
                        "--read-only",
                        "--tmpfs",
                        "/tmp",
                        "-e",
                        "ENV=/trap.sh",
                        "-e",
                        "BASH_ENV=/trap.sh",
                        "-e",
                        "LD_PRELOAD=/nothing.so");
        assertVerdict("auto", container, "compliant");
        assertThat(audit("exec", container).path("verdict").asText()).isNotEqualTo("violating");
        assertThat(lab.docker("exec", container, "ls", "/tmp")).isEmpty();
    }

    /// It is mounted writable, so its answer does not make it read-only.
    @ConcurrentTest
    void aFilesystemThatLiesAboutBeingReadOnlyIsNotBelieved() throws Exception {
        withFuseMount(
                "erofs",
                container -> {
                    for (String witness : List.of("procfs", "exec", "auto")) {
                        assertVerdict(witness, container, "violating");
                    }
                });
    }

    @ConcurrentTest
    void aFilesystemThatAnswersWithErrorsIsNotTakenForReadOnly() throws Exception {
        withFuseMount(
                "eio",
                container -> {
                    for (String witness : List.of("procfs", "exec", "auto")) {
                        JsonNode report = audit(witness, container);
                        assertThat(report.path("verdict").asText())
                                .as(report.toString())
                                .isNotEqualTo("compliant");
                    }
                });
    }

    private static void withFuseMount(String how, java.util.function.Consumer<String> test)
            throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Process server =
                new ProcessBuilder(
                                fuse.binary().toString(),
                                Long.toString(lab.pid(container)),
                                how,
                                "/home")
                        .start();
        try {
            assertThat(server.inputReader().readLine()).isEqualTo("mounted");
            test.accept(container);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }
}
