package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mounts that a runtime makes by itself, as the runtimes document them. `SandboxIT` and
/// `bin/engines` have real ones.
class AlternativeRuntimeMountsTest {
    private static JudgeCase startedBy(String runtime) {
        return JudgeCase.readOnly()
                .isolation(DeclaredIsolation.DEFAULT.toBuilder().runtime(runtime).build())
                .observed("/", EROFS);
    }

    /// Sysbox emulates a part of `/proc` and `/sys` with a FUSE server on the host, and leaves it
    /// writable in `/proc/sys` of a container with a read-only root filesystem.
    ///
    /// @see <a href="https://github.com/nestybox/sysbox-runc/pull/51">the mounts of a read-only
    ///   container</a>
    private static JudgeCase startedBySysbox() {
        return startedBy("sysbox-runc")
                .line("201 100 0:50 / /sys ro - sysfs sysfs ro")
                .line("202 201 0:60 /sys/kernel /sys/kernel ro - fuse sysboxfs rw,user_id=0")
                .line("203 100 0:51 / /proc rw - proc proc rw")
                .line("204 203 0:60 /proc/sys /proc/sys rw - fuse sysboxfs rw,user_id=0")
                .line("205 203 0:60 /proc/uptime /proc/uptime rw - fuse sysboxfs rw,user_id=0")
                .line("206 100 0:52 / /dev rw - tmpfs tmpfs rw")
                .line("207 206 0:5 /null /dev/kmsg rw - devtmpfs udev rw");
    }

    @Test
    void emulatedProcfsOfSysboxIsNotTheHosts() {
        ContainerReport report = startedBySysbox().judge();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.COMPLIANT);
    }

    @Test
    void otherMountsAtThosePathsAreUndeclared() {
        for (String mount :
                List.of(
                        "208 204 0:61 / /proc/sys rw - fuse sshfs rw",
                        "208 100 0:60 / /data rw - fuse sysboxfs rw",
                        "208 207 0:5 /mem /dev/kmsg rw - devtmpfs udev rw")) {
            assertThat(startedBySysbox().line(mount).judge().findings())
                    .as(mount)
                    .extracting(f -> f.kind())
                    .containsExactly(FindingKind.UNDECLARED);
        }
        assertThat(
                        startedBy("runc")
                                .line("208 100 0:60 / /sys/kernel rw - fuse sysboxfs rw")
                                .judge()
                                .findings())
                .as("another runtime")
                .isNotEmpty();
    }

    /// Sysbox gives each container a directory of the host for the engine in it. Nobody declared
    /// it, and an intruder can keep files there.
    @Test
    void theDirectoryForAnEngineInTheContainerIsUndeclared() {
        ContainerReport report =
                startedBySysbox()
                        .line("209 100 8:1 /sysbox/docker/0 /var/lib/docker rw - ext4 /dev/sda1 rw")
                        .observed("/var/lib/docker", WRITABLE)
                        .judge();
        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATING);
        assertThat(report.findings())
                .extracting(f -> f.kind() + " " + f.path())
                .containsExactly("UNDECLARED /var/lib/docker");
    }

    @ParameterizedTest
    @CsvSource({
        "runsc,              9p,       true",
        "io.containerd.kata, virtiofs, true",
        "runc,               9p,       false",
        "runsc,              ext4,     false"
    })
    void sharedMemoryOfTheHostMayBeMountedIntoASandbox(
            String runtime, String filesystem, boolean declared) {
        ContainerReport report =
                startedBy(runtime)
                        .line("201 100 0:52 / /dev rw - tmpfs tmpfs rw")
                        .line("202 201 0:53 / /dev/shm rw - %s none rw".formatted(filesystem))
                        .observed("/dev/shm", WRITABLE)
                        .judge();
        assertThat(report.findings().isEmpty()).as(report.toString()).isEqualTo(declared);
    }
}
