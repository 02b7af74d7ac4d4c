package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a user gets after a mistake, or if the engine has a problem.
class CliIT {
    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static void assertOneLine(Lab.Run run, int code, String... parts) {
        assertThat(run.code()).as(run.output()).isEqualTo(code);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err())
                .startsWith("writeprobe: ")
                .contains(parts)
                .doesNotContain("Exception");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "audit --no-such-option            | 2 | Unknown option",
                "audit --format yaml               | 2 | yaml",
                "audit --fail-on urgent            | 2 | urgent",
                "audit --witness oracle            | 2 | oracle",
                "audit --filter label              | 2 | KEY=VALUE",
                "audit no-such-container-anywhere  | 2 | no container no-such-container-anywhere on",
                "audit a --filter label=x          | 2 | cannot be combined",
                "audit --host ssh://there          | 2 | ssh",
                "audit --host /var/run/docker.sock | 2 | unix://",
                "audit --config.file /no/such.yml  | 2 | /no/such.yml",
                "explain x relative                | 2 | absolute",
                "audit --output /no/such/dir/file  | 2 | /no/such/dir",
                "frobnicate                        | 2 | frobnicate"
            })
    void aMistakeIsOneLineWithARemedy(String args, int code, String expectedText) {
        assertOneLine(lab.writeprobe(args.split(" ")), code, expectedText);
    }

    @Test
    void anEngineThatDoesNotAnswerIsOneLineAndUnverified() throws Exception {
        Lab.Run missing = lab.writeprobe("audit", "--host", "unix:///no/such.sock");
        assertThat(missing.code()).isEqualTo(3);
        assertThat(missing.out()).contains("/no/such.sock").contains("--host");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Lab.Run refused = lab.writeprobe("audit", "--host", "tcp://127.0.0.1:" + port);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.out()).contains("127.0.0.1:" + port);
        Path file = Files.writeString(lab.directory("sock").resolve("file"), "");
        Lab.Run wrong = lab.writeprobe("audit", "--host", "unix://" + file);
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.out()).contains(file.toString());
    }

    @Test
    void theEnvironmentLeadsToTheEngine() {
        Lab.Run run = lab.writeprobe(Map.of("DOCKER_HOST", "unix:///no/such.sock"), "audit");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).contains("/no/such.sock");
        Lab.Run context =
                lab.writeprobe(Map.of("DOCKER_HOST", "", "DOCKER_CONTEXT", "nowhere"), "audit");
        assertOneLine(context, 2, "nowhere");
    }

    @Test
    void ofTwoEnginesTheOneThatAnswersIsStillAudited() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
        Lab.Run run =
                lab.writeprobe(
                        "audit", "--host", host, "--host", "unix:///no/such.sock", container);
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).contains(container).contains("/no/such.sock").contains("1 compliant");
    }

    @Test
    void aContainerThatDoesNotRunCannotBeVerified() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        lab.docker("kill", container);
        assertOneLine(lab.writeprobe("audit", container), 3, "is not running", "start it first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--restart=no", "--restart=always"})
    void explainNamesTheRefusedWriteOfAContainerThatEnded(String restart) throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "touch /etc/app.pid"),
                        "--read-only",
                        restart);
        lab.docker("wait", container);
        Lab.Run run = lab.writeprobe("explain", container);
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err())
                .contains("could not write /etc/app.pid")
                .contains("writeprobe recommend " + container);
        lab.docker("rm", "-f", container);
    }

    @Test
    void anIdAndAPrefixOfItNameTheSameContainerOnce() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        String id = lab.docker("inspect", "-f", "{{.Id}}", container).strip();
        Lab.Run run = lab.writeprobe("audit", container, id, id.substring(0, 12));
        assertThat(run.out()).contains("1 container: 1 compliant");
    }

    @Test
    void helpIsEverywhereAndVersionShowsTheBuild() {
        for (String command :
                new String[] {
                    "--help",
                    "audit --help",
                    "explain --help",
                    "config --help",
                    "config check --help",
                    "config show --help"
                }) {
            Lab.Run run = lab.writeprobe(command.split(" "));
            assertThat(run.code()).as(command).isZero();
            assertThat(run.out()).as(command).contains("Usage: writeprobe");
            assertThat(run.out().lines()).as(command).allMatch(l -> l.length() <= 80);
        }
        assertThat(lab.writeprobe("--version").out())
                .matches("writeprobe \\S+ \\(revision \\S+, Java 2[5-9]\\)\n");
        assertThat(lab.writeprobe("generate-completion").out()).contains("complete -F");
    }

    @Test
    void aReportFileIsWholeAndStandardOutputStaysEmpty() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Path file = lab.directory("out").resolve("report.json");
        Lab.Run run =
                lab.writeprobe("audit", container, "--format", "json", "--output", file.toString());
        assertThat(run.code()).isZero();
        assertThat(run.output()).isEmpty();
        assertThat(Files.readString(file)).contains("writeprobe/report/v1");
        try (var files = Files.list(lab.directory("out"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aReportThatCannotBeWrittenDoesNotPass() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        Path file = Files.writeString(lab.directory("full").resolve("report.json"), "before");
        Path config = Files.writeString(lab.directory("full").resolve("writeprobe.yml"), "");
        List<String> audit = Lab.command("audit", "--config.file", config.toString(), container);
        // Files may not grow, as on a full disk.
        Lab.Run full =
                Lab.run(
                        lab.environment(),
                        Stream.of(
                                        Stream.of("prlimit", "--fsize=0"),
                                        audit.stream(),
                                        Stream.of("--output", file.toString()))
                                .flatMap(s -> s)
                                .toList());
        assertOneLine(full, 2, "cannot write the report to");
        assertThat(file).hasContent("before");
        Lab.Run lost =
                Lab.run(
                        lab.environment(),
                        Stream.concat(
                                        Stream.of("sh", "-c", "exec \"$@\" >/dev/full", "sh"),
                                        audit.stream())
                                .toList());
        assertOneLine(lost, 3, "cannot write to standard output: No space left on device");
    }

    @Test
    void aPolicyThatAllowsAWritableRootFilesystemMakesItCompliant() throws Exception {
        String container = lab.start(Lab.Image.BUSYBOX);
        Path config =
                Files.writeString(
                        lab.directory("policy").resolve("writeprobe.yml"),
                        "policy:\n  rules:\n    - match: {container: \"wplab-*\"}\n      rootfs: writable\n");
        Lab.Run run = lab.writeprobe("audit", "--config.file", config.toString(), container);
        assertThat(run.code()).as(run.output()).isZero();
        Files.writeString(
                config,
                "policy:\n  rules:\n    - match: {container: \"wplab-*\"}\n      rootfs: wriatble\n");
        assertOneLine(
                lab.writeprobe("config", "check", config.toString()),
                2,
                "writeprobe.yml:4:",
                "rootfs",
                "wriatble");
    }
}
