package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Containers whose processes choose another root directory, or namespaces of their own. What is
/// judged is where all of them live, and whether the engine made it.
class NamespacesIT {
    @AutoClose private static Lab lab;
    private static String shell = "";
    private static String bare = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
        String program =
                CProgram.compile("namespaces", lab.directory("programs"), "-static", "-pthread")
                        .binary()
                        .toString();
        shell = lab.image(Lab.Image.BUSYBOX, "shell", "cp " + program + " $tree/bin/namespaces");
        bare = lab.image("bare", "mkdir $tree/tmp; cp " + program + " $tree/namespaces");
    }

    private static String starts(String image, List<String> what, String... options) {
        List<String> command = new ArrayList<>();
        command.add(image.equals(bare) ? "/namespaces" : "/bin/namespaces");
        command.addAll(what);
        String name = lab.start(image, command, options);
        RunningAgent.pause(java.time.Duration.ofMillis(500));
        assertThat(lab.docker("inspect", "-f", "{{.State.Running}}", name).strip())
                .as(lab.docker("logs", name))
                .isEqualTo("true");
        return name;
    }

    private static JsonNode audit(String container, String... options) {
        List<String> args = new ArrayList<>(List.of("audit", "--format", "json"));
        args.addAll(Arrays.asList(options));
        args.add(container);
        Lab.Run run = lab.writeprobe(args.toArray(String[]::new));
        try {
            JsonNode report = new JsonMapper().readTree(run.out()).path("containers").path(0);
            assertThat(report.path("name").asText()).as(run.both()).isEqualTo(container);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(run.both(), e);
        }
    }

    private static String verdict(JsonNode report) {
        return report.path("verdict").asText();
    }

    private static List<String> findings(JsonNode report) {
        return report.path("findings").findValuesAsText("kind");
    }

    /// `/sys/firmware` is a read-only tmpfs in every container.
    @Test
    void aChrootIntoSomethingReadOnlyHidesNoWritableRootFilesystem() {
        for (String image : List.of(shell, bare)) {
            JsonNode report = audit(starts(image, List.of("chroot", "/sys/firmware")));
            assertThat(verdict(report)).as(report.toString()).isEqualTo("violating");
            assertThat(findings(report)).contains("exposed");
            assertThat(report.path("paths").toString()).contains("writable");
        }
    }

    @Test
    void anHonestChrootIsNoAlarm() {
        for (String image : List.of(shell, bare)) {
            JsonNode report =
                    audit(
                            starts(
                                    image,
                                    List.of("chroot", "/tmp"),
                                    "--read-only",
                                    "--tmpfs",
                                    "/tmp"));
            assertThat(verdict(report)).as(report.toString()).isEqualTo("compliant");
            assertThat(report.path("findings").findValuesAsText("severity"))
                    .doesNotContain("critical", "high", "medium");
        }
    }

    @Test
    void aUserNamespaceOfItsOwnProvesNothing() {
        for (String pids : List.of("private", "host")) {
            List<String> options =
                    new ArrayList<>(
                            List.of("--user", "1000", "--security-opt", "seccomp=unconfined"));
            if (pids.equals("host")) {
                options.addAll(List.of("--pid", "host"));
            }
            JsonNode report = audit(starts(shell, List.of("user"), options.toArray(String[]::new)));
            assertThat(verdict(report)).as(report.toString()).isNotEqualTo("compliant");
            assertThat(report.path("unproved").toString())
                    .contains("mounts that the engine did not make for it");
        }
    }

    @Test
    void aRootFilesystemThatTheEngineDidNotMakeProvesNothing() {
        JsonNode report =
                audit(
                        starts(
                                shell,
                                List.of("root"),
                                "--cap-add",
                                "SYS_ADMIN",
                                "--security-opt",
                                "seccomp=unconfined",
                                "--security-opt",
                                "apparmor=unconfined"));
        assertThat(verdict(report)).as(report.toString()).isNotEqualTo("compliant");
        assertThat(report.path("unproved").toString())
                .contains("does not live in the root filesystem that the engine made");
    }

    @Test
    void aSecondProcessOrThreadThatHasItWritableIsDrift() {
        for (String who : List.of("process", "thread")) {
            JsonNode report =
                    audit(
                            starts(
                                    shell,
                                    List.of(who, "/"),
                                    "--read-only",
                                    "--cap-add",
                                    "SYS_ADMIN",
                                    "--security-opt",
                                    "apparmor=unconfined"));
            assertThat(findings(report)).as(report.toString()).contains("drift", "bypassable");
            assertThat(report.path("findings").toString())
                    .contains("in a mount namespace of its own");
        }
    }

    /// No probe may run there, by exec neither.
    @Test
    void aProcessInTheMountsOfTheHostIsNeverProbed() {
        String container =
                starts(
                        shell,
                        List.of("host", Long.toString(ProcessHandle.current().pid())),
                        "--read-only",
                        "--pid",
                        "host",
                        "--cap-add",
                        "SYS_ADMIN",
                        "--cap-add",
                        "SYS_PTRACE",
                        "--cap-add",
                        "SYS_CHROOT",
                        "--security-opt",
                        "seccomp=unconfined",
                        "--security-opt",
                        "apparmor=unconfined");
        JsonNode report = audit(container);
        assertThat(report.path("paths").findValues("observations").toString())
                .doesNotContain("wrote", "\"writable\"");
        assertThat(report.path("unproved").toString()).contains("the mounts of the host");
        assertThat(findings(report)).doesNotContain("drift", "contradiction");
        assertThat(verdict(report)).isNotEqualTo("compliant");
    }
}
