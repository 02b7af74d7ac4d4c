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

/// Containers whose processes choose another root directory or other namespaces. The verdict
/// depends on the mount namespaces of all processes, and on whether the engine created them.
class NamespacesIT {
    @AutoClose private static Lab lab;
    private static String shell = "";
    private static String withoutShell = "";
    private static String program = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
        program =
                CProgram.compile("namespaces", lab.directory("programs"), "-static", "-pthread")
                        .binary()
                        .toString();
        shell = lab.image(Lab.Image.BUSYBOX, "shell", "cp " + program + " $tree/bin/namespaces");
        withoutShell = lab.image("bare", "mkdir $tree/tmp; cp " + program + " $tree/namespaces");
    }

    private static String startWithNamespaces(String image, List<String> what, String... options) {
        List<String> command = new ArrayList<>();
        command.add(image.equals(withoutShell) ? "/namespaces" : "/bin/namespaces");
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
            assertThat(report.path("name").asText()).as(run.output()).isEqualTo(container);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(run.output(), e);
        }
    }

    private static String verdict(JsonNode report) {
        return report.path("verdict").asText();
    }

    private static List<String> findings(JsonNode report) {
        return report.path("findings").findValuesAsText("kind");
    }

    /// If the first thread of a process has ended, only its other threads show the namespaces.
    @Test
    void threadOfAZombieProcessIsFound() {
        for (String what : List.of("zombie", "thread")) {
            JsonNode report =
                    audit(
                            startWithNamespaces(
                                    shell,
                                    List.of(what, "/"),
                                    "--read-only",
                                    "--cap-add",
                                    "SYS_ADMIN"));
            assertThat(findings(report)).as(what + report).contains("drift");
        }
    }

    /// The shell makes the first process hide during the exec, and prints false records.
    @Test
    void processHiddenDuringExecMakesTheContainerUnverified() {
        String lying =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "lying",
                        """
                        cp %s $tree/bin/namespaces; rm $tree/bin/sh
                        cat >$tree/bin/sh <<'LIE'
                        #!/bin/busybox sh
                        kill -USR1 1; sleep 0.3
                        exec /bin/busybox sh "$@"
                        LIE
                        chmod 755 $tree/bin/sh
                        """
                                .formatted(program));
        String container = lab.start(lying, List.of("/bin/namespaces", "quiet"), "--read-only");
        JsonNode report = audit(container);
        assertThat(verdict(report)).as(report.toString()).isEqualTo("unverified");
    }

    /// A user namespace of the first process does not remove the powers of the other processes.
    @Test
    void aUserNamespaceOfTheFirstProcessHidesNoPower() {
        JsonNode report =
                audit(
                        startWithNamespaces(
                                shell,
                                List.of("over"),
                                "--read-only",
                                "--cap-add",
                                "DAC_READ_SEARCH",
                                "--security-opt",
                                "seccomp=unconfined"));
        assertThat(findings(report)).as(report.toString()).contains("bypassable");
    }

    /// A container in another container's PID namespace has its own mounts, which the engine
    /// created.
    @Test
    void containerInASharedPidNamespaceDoesNotChangeTheVerdict() {
        String volume = lab.volume();
        String honest = lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", volume + ":/v:ro");
        String joined =
                lab.start(Lab.Image.BUSYBOX, "--pid", "container:" + honest, "-v", volume + ":/v");
        JsonNode report = audit(honest);
        assertThat(verdict(report)).as(report.toString()).isEqualTo("compliant");
        JsonNode other = audit(joined);
        assertThat(findings(other)).as(other.toString()).doesNotContain("drift");
    }

    /// Containers with groups or capabilities that only the first process has.
    @Test
    void privilegesOfTheFirstProcessAloneAreNoContradiction() {
        String grouped =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "grouped",
                        "cp %1$s $tree/bin/namespaces; mkdir -p $tree/cache; chown 0:101 $tree/bin/namespaces; chmod 2755 $tree/bin/namespaces"
                                .formatted(program));
        String container =
                lab.start(
                        grouped,
                        List.of("/bin/namespaces", "stay"),
                        "--read-only",
                        "--user",
                        "1000:1000",
                        "--tmpfs",
                        "/cache:uid=0,gid=101,mode=0775");
        assertThat(findings(audit(container))).doesNotContain("contradiction", "drift");
    }

    @Test
    void exceptWhereItMayLeaveNothingRunsInIt() {
        String container =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--read-only",
                        "--cap-add",
                        "SYS_ADMIN",
                        "--pid",
                        "host");
        for (String witness : List.of("auto", "exec")) {
            JsonNode report = audit(container, "--witness", witness);
            assertThat(verdict(report)).as(report.toString()).isNotEqualTo("compliant");
            assertThat(report.toString()).doesNotContain("\"witness\":\"exec\",\"identity\"");
        }
    }

    /// `/sys/firmware` is a read-only tmpfs in every container.
    @Test
    void aChrootIntoSomethingReadOnlyHidesNoWritableRootFilesystem() {
        for (String image : List.of(shell, withoutShell)) {
            JsonNode report = audit(startWithNamespaces(image, List.of("chroot", "/sys/firmware")));
            assertThat(verdict(report)).as(report.toString()).isEqualTo("violating");
            assertThat(findings(report)).contains("exposed");
            assertThat(report.path("paths").toString()).contains("writable");
        }
    }

    @Test
    void anHonestChrootIsNoAlarm() {
        for (String image : List.of(shell, withoutShell)) {
            JsonNode report =
                    audit(
                            startWithNamespaces(
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
            JsonNode report =
                    audit(
                            startWithNamespaces(
                                    shell, List.of("user"), options.toArray(String[]::new)));
            assertThat(verdict(report)).as(report.toString()).isNotEqualTo("compliant");
            assertThat(report.path("unproved").toString())
                    .contains("a mount namespace that the engine did not create for it");
        }
    }

    @Test
    void aRootFilesystemThatTheEngineDidNotMakeProvesNothing() {
        JsonNode report =
                audit(
                        startWithNamespaces(
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
                .contains("is not the one that the engine created");
    }

    @Test
    void aSecondProcessOrThreadThatHasItWritableIsDrift() {
        for (String who : List.of("process", "thread")) {
            JsonNode report =
                    audit(
                            startWithNamespaces(
                                    shell,
                                    List.of(who, "/"),
                                    "--read-only",
                                    "--cap-add",
                                    "SYS_ADMIN",
                                    "--security-opt",
                                    "apparmor=unconfined"));
            assertThat(findings(report)).as(report.toString()).contains("drift", "bypassable");
            assertThat(report.path("findings").toString()).contains("in its own mount namespace");
        }
    }

    /// No probe may run there, not even by exec.
    @Test
    void aProcessInTheMountsOfTheHostIsNeverProbed() {
        String container =
                startWithNamespaces(
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
        assertThat(report.path("unproved").toString())
                .contains("in a mount namespace that the engine did not create for it");
        assertThat(findings(report)).doesNotContain("drift", "contradiction");
        assertThat(verdict(report)).isNotEqualTo("compliant");
    }
}
