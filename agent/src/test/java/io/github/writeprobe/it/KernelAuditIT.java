package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Audits with the procfs witness in addition to exec.
class KernelAuditIT {
    /// A shell that parses its arguments like the probe script, and prints false records for each
    /// path: `story` instead of what happened.
    private static final String LIAR =
            """
            rm $tree/bin/sh
            cat >$tree/bin/sh <<'SH'
            #!/bin/busybox ash
            [ "$3" = writeprobe ] || exec /bin/busybox ash "$@"
            t=$(($4 * 2 + 1))
            shift 4
            echo "$t START"
            echo "$t UID $(id -u)"
            echo "$t MOUNTS"
            cat /proc/self/mountinfo
            i=0
            for p; do
                echo "$t PATH $i"
                echo "$p"
                echo "$t LEADS $i"
                echo "$p"
                echo "$t DIR $i"
                story
                i=$((i + 1))
            done
            echo "$t END"
            SH
            chmod 755 $tree/bin/sh
            """;

    private static final String REFUSED =
            "echo \"sh: can't create $p/x: Read-only file system\"; echo \"$t FAILED $i\"";
    private static final String FORBIDDEN =
            "echo \"sh: can't create $p/x: Permission denied\"; echo \"$t FAILED $i\"";
    private static final String WRITTEN = "echo \"$t MADE $i\"; echo \"$t WROTE $i\"";

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static void assertVerified(String container) {
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.unwrapped()).contains("1 container: 1 compliant");
        assertThat(run.code()).isZero();
    }

    @Test
    void anImageWithoutAShellIsVerified() {
        assertVerified(lab.start(Lab.Image.NO_SHELL, "--read-only", "--tmpfs", "/tmp"));
    }

    @Test
    void anImageWithoutRmIsVerified() {
        assertVerified(lab.start(Lab.Image.NO_RM, "--read-only", "--tmpfs", "/tmp"));
    }

    @Test
    void aPausedContainerIsVerified() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        lab.docker("pause", container);
        assertVerified(container);
        lab.docker("unpause", container);
    }

    private static String liar(String name, String story, String... options) {
        String image = lab.image(Lab.Image.BUSYBOX, name, LIAR.replace("story", story));
        return lab.start(image, List.of("sleep", "3600"), options);
    }

    private static Lab.Run assertContradiction(String container) {
        Lab.Run run = lab.writeprobe("audit", container);
        assertThat(run.out()).contains("CRITICAL contradiction");
        assertThat(run.code()).isEqualTo(1);
        return run;
    }

    @Test
    void aShellThatCallsAWritableRootFilesystemReadOnlyIsFoundOut() {
        Lab.Run run = assertContradiction(liar("liar-rofs", REFUSED));
        assertThat(run.out()).contains("HIGH exposed");
        assertThat(run.unwrapped())
                .contains("was refused with EROFS, but the kernel let uid 0 write");
    }

    @Test
    void aShellThatIsRefusedWhereRootMayWriteIsFoundOut() {
        assertContradiction(liar("liar-eacces", FORBIDDEN, "--tmpfs", "/tmp"));
    }

    /// An exec may have fewer groups than the first process, so the kernel's result counts.
    @Test
    void aShellThatIsRefusedWhereItsUserMayWriteHidesNothing() {
        Lab.Run run =
                lab.writeprobe(
                        "audit",
                        liar("liar-eacces", FORBIDDEN, "--user", "1000", "--tmpfs", "/tmp"));
        assertThat(run.code()).as(run.output()).isEqualTo(1);
        assertThat(run.out()).contains("exposed", "/tmp (memory)").doesNotContain("contradiction");
    }

    @Test
    void aShellThatClaimsToHaveWrittenIsFoundOutAndNoDriftIsReported() {
        Lab.Run run = assertContradiction(liar("liar-wrote", WRITTEN, "--read-only"));
        assertThat(run.out()).doesNotContain("drift");
        assertThat(run.unwrapped())
                .contains("exec reported a write by uid 0, but the kernel refused uid 0");
    }

    /// exec runs as the user, so the kernel's result for that user has to be the same.
    private static void assertAgreement(Lab testLab, String container) {
        Lab.Run run =
                testLab.writeprobe(testLab.environment(), "audit", "--format", "json", container);
        JsonNode report = read(run).path("containers").path(0);
        int compared = 0;
        for (JsonNode path : report.path("paths")) {
            for (JsonNode exec : path.path("observations")) {
                for (JsonNode kernel : path.path("observations")) {
                    boolean pair =
                            exec.path("witness").asText().equals("exec")
                                    && kernel.path("witness").asText().equals("procfs")
                                    && exec.path("identity").equals(kernel.path("identity"));
                    if (pair) {
                        compared++;
                        for (String fact : List.of("write", "execute", "errno", "uid")) {
                            assertThat(kernel.path(fact))
                                    .as(container + " " + fact + " " + exec + kernel)
                                    .isEqualTo(exec.path(fact));
                        }
                    }
                }
            }
        }
        assertThat(compared).as(run.output()).isGreaterThan(10);
        assertThat(report.path("findings").toString()).doesNotContain("contradiction");
    }

    /// Options that set the user and groups, and directories of several owners.
    private static Stream<String[]> userOptions(Lab testLab) {
        Path data = testLab.directory("data");
        testLab.exec(
                testLab.start(Lab.Image.BUSYBOX, "-v", data + ":/d"),
                "for d in root app group closed; do mkdir -p /d/$d; done;"
                        + " chown 0:0 /d/root; chmod 755 /d/root;"
                        + " chown 1000:1000 /d/app; chmod 755 /d/app;"
                        + " chown 0:2000 /d/group; chmod 2770 /d/group;"
                        + " chown 3:3 /d/closed; chmod 700 /d/closed; echo x >/d/file;"
                        + " chown 1000 /d/file; chmod 644 /d/file");
        List<String> binds =
                Stream.of("root", "app", "group", "closed", "file")
                        .flatMap(d -> Stream.of("-v", data.resolve(d) + ":/v/" + d))
                        .toList();
        return Stream.of(
                        List.<String>of(),
                        List.of("--read-only", "--tmpfs", "/tmp"),
                        List.of("--user", "1000"),
                        List.of("--user", "1000", "--group-add", "2000"),
                        List.of("--user", "1000:2000", "--read-only"),
                        List.of("--cap-drop", "DAC_OVERRIDE"),
                        List.of("--cap-drop", "ALL"),
                        List.of("--cap-drop", "ALL", "--cap-add", "DAC_READ_SEARCH"))
                .map(options ->
                        Stream.concat(binds.stream(), options.stream()).toArray(String[]::new));
    }

    @Test
    void procfsAgreesWithExecForEveryUserOption() throws Exception {
        for (String[] options : userOptions(lab).toList()) {
            assertAgreement(lab, lab.start(Lab.Image.BUSYBOX, options));
        }
    }

    @Test
    void inAnotherUserNamespaceToo() throws Exception {
        try (PrivateEngine engine = PrivateEngine.startRemapped()) {
            try (Lab remapped = Lab.open(engine.environment())) {
                for (String[] options : userOptions(remapped).toList()) {
                    assertAgreement(remapped, remapped.start(Lab.Image.BUSYBOX, options));
                }
            }
        }
    }

    @Test
    void aFilesystemThatNeverAnswersCostsABoundedTimeAndOneDoubt() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        lab.exec(container, "mkdir /tmp/hang");
        String server = lab.mountHanging(container, "/tmp/hang");
        String other = lab.start(Lab.Image.BUSYBOX, "--read-only");
        try {
            Instant before = Instant.now();
            Lab.Run run =
                    lab.writeprobe(
                            "audit", "--witness", "procfs", "--format", "json", container, other);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(15));
            JsonNode containers = read(run).path("containers");
            assertThat(verdict(containers, other)).isEqualTo("compliant");
            assertThat(verdict(containers, container)).isNotEqualTo("compliant");
            assertThat(run.out()).contains("timed-out").contains("\"EROFS\"");
        } finally {
            lab.docker("kill", server);
        }
    }

    private static JsonNode read(Lab.Run run) {
        try {
            return new JsonMapper().readTree(run.out());
        } catch (JsonProcessingException e) {
            throw new AssertionError(run.output(), e);
        }
    }

    private static String verdict(JsonNode containers, String name) {
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(name)) {
                return container.path("verdict").asText();
            }
        }
        throw new AssertionError("no " + name + " in " + containers);
    }

    @Test
    void withoutTheCapabilityItIsReportedAndExecGoesOn() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        List<String> weak =
                Stream.concat(
                                Stream.of("setpriv", "--bounding-set", "-sys_ptrace"),
                                Lab.command("audit", container).stream())
                        .toList();
        Lab.Run run = Lab.run(lab.environment(), weak);
        assertThat(run.unwrapped()).contains("1 compliant");
        List<String> procfsOnly =
                Stream.concat(
                                Stream.of("setpriv", "--bounding-set", "-sys_ptrace"),
                                Lab.command("audit", "--witness", "procfs", container).stream())
                        .toList();
        assertThat(Lab.run(lab.environment(), procfsOnly).unwrapped())
                .contains("1 unverified")
                .contains("missing: CAP_SYS_PTRACE");
    }

    /// As most users of an engine are: without any capability, and allowed to use the socket.
    private static Lab.Run asMemberOfTheSocketsGroup(String... args) throws IOException {
        List<String> command =
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=" + Files.getAttribute(TestedImage.socket(), "unix:gid"),
                        "--clear-groups",
                        "--inh-caps=-all");
        return Lab.run(
                lab.environment(),
                Stream.concat(command.stream(), Lab.command(args).stream()).toList());
    }

    @Test
    void aMemberOfTheSocketsGroupIsToldWhatRootWouldAdd() throws IOException {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Lab.Run audit = asMemberOfTheSocketsGroup("audit", container);
        assertThat(audit.code()).as(audit.output()).isZero();
        assertThat(audit.err()).isEmpty();
        assertThat(audit.unwrapped())
                .contains("1 compliant")
                .contains(
                        "procfs, which needs no shell and sees every mount, was not used: it needs root");
        Lab.Run doctor = asMemberOfTheSocketsGroup("doctor");
        assertThat(doctor.code()).as(doctor.output()).isZero();
        assertThat(doctor.unwrapped())
                .contains("exec probed")
                .contains("procfs it needs root")
                .contains("run writeprobe as root on the engine's host");
    }
}
