package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The effect of Compose's `read_only`, `tmpfs` and `volumes`, with the real docker-compose and the
/// shipped program.
@Tag("image-store")
class ScenariosIT {
    @AutoClose private static Lab lab;

    private String project = "";
    private String file = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @AfterEach
    void down() throws Exception {
        compose("down", "-v", "-t", "0");
    }

    private Lab.Run compose(String... args) throws URISyntaxException {
        Path yml = Path.of(Objects.requireNonNull(ScenariosIT.class.getResource(file)).toURI());
        Map<String, String> environment = new HashMap<>();
        environment.put("WRITEPROBE_IMAGE", lab.image(Lab.Image.BUSYBOX));
        environment.put("WRITEPROBE_LABEL", lab.label());
        environment.put("WRITEPROBE_DIRECTORY", lab.directory("data").toString());
        List<String> command =
                new java.util.ArrayList<>(
                        List.of("docker-compose", "-p", project, "-f", yml.toString()));
        command.addAll(List.of(args));
        Lab.Run run = Lab.run(environment, command);
        assertThat(run.code()).as(run.output()).isZero();
        return run;
    }

    private void up(String yml) throws URISyntaxException {
        file = yml;
        project = "wp" + HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        compose("up", "-d");
    }

    private Lab.Run audit(String... more) {
        List<String> args =
                new java.util.ArrayList<>(
                        List.of(
                                "audit",
                                "--filter",
                                "label=com.docker.compose.project=" + project));
        args.addAll(List.of(more));
        return lab.writeprobe(args.toArray(String[]::new));
    }

    /// Compares the table, without what differs from run to run.
    private void assertTable(int code, String expected) {
        Lab.Run run = audit();
        assertThat(run.out().replace(project, "PROJCT").replaceAll("\\d+\\.\\d\\d s", "0.00 s"))
                .isEqualTo(expected);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(code);
    }

    private JsonNode json() throws IOException {
        Lab.Run run = audit("--format", "json");
        JsonNode containers = JsonMapper.builder().build().readTree(run.out()).path("containers");
        assertThat(containers).as(run.output()).hasSize(1);
        return containers.get(0);
    }

    private static String write(JsonNode container, String path) {
        for (JsonNode p : container.path("paths")) {
            if (p.path("path").asText().equals(path)) {
                JsonNode o = p.path("observations").path(0);
                return o.path("write").asText()
                        + (o.path("errno").isNull() ? "" : " " + o.path("errno").asText());
            }
        }
        return "no such path";
    }

    @Test
    void readOnlyAloneLetsNothingBeCreatedNotEvenInTmp() throws Exception {
        up("read-only.yml");
        assertTable(
                0,
                """
                  CONTAINER     ROOTFS       WRITABLE BY THE SERVICE
                ✓ PROJCT_app_1  read-only    –

                Low findings, not listed: 1 executable. writeprobe explain CONTAINER shows them.

                1 container: 1 compliant · findings: 1 low · 0.00 s
                """);
        JsonNode container = json();
        assertThat(container.path("verdict").asText()).isEqualTo("compliant");
        assertThat(container.path("readonlyRootfs").asBoolean()).isTrue();
        assertThat(container.path("composeProject").asText()).isEqualTo(project);
        assertThat(container.path("composeService").asText()).isEqualTo("app");
        assertThat(write(container, "/")).isEqualTo("refused EROFS");
        assertThat(write(container, "/tmp")).isEqualTo("refused EROFS");
        assertThat(
                        lab.docker(
                                "ps",
                                "-q",
                                "--filter",
                                "label=com.docker.compose.project=" + project))
                .isNotBlank();
    }

    @Test
    void readOnlyWithATmpfsLetsTmpBeWrittenAndNothingElse() throws Exception {
        up("read-only-tmpfs.yml");
        assertTable(
                0,
                """
                  CONTAINER     ROOTFS       WRITABLE BY THE SERVICE
                ✓ PROJCT_app_1  read-only    /tmp (memory)

                Low findings, not listed: 1 executable. writeprobe explain CONTAINER shows them.

                1 container: 1 compliant · findings: 1 low · 0.00 s
                """);
        JsonNode container = json();
        assertThat(write(container, "/tmp")).isEqualTo("writable");
        assertThat(write(container, "/var/tmp")).isEqualTo("refused EROFS");
        assertThat(container.path("verdict").asText()).isEqualTo("compliant");
    }

    @Test
    void readOnlyWithABoundDirectoryLetsThatBeWrittenAndNothingElse() throws Exception {
        up("read-only-bind.yml");
        assertTable(
                0,
                """
                  CONTAINER     ROOTFS       WRITABLE BY THE SERVICE
                ✓ PROJCT_app_1  read-only    /data (host)

                Low findings, not listed: 1 executable. writeprobe explain CONTAINER shows them.

                1 container: 1 compliant · findings: 1 low · 0.00 s
                """);
        JsonNode container = json();
        assertThat(write(container, "/data")).isEqualTo("writable");
        assertThat(write(container, "/tmp")).isEqualTo("refused EROFS");
        try (var left = Files.list(lab.directory("data"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theDefaultIsAWritableRootFilesystem() throws Exception {
        up("default.yml");
        assertTable(
                1,
                """
                  CONTAINER     ROOTFS       WRITABLE BY THE SERVICE
                ✗ PROJCT_app_1  writable     /, /tmp, /var/tmp, /run, /etc, /usr, /home, /root

                HIGH exposed
                  → Set read_only: true (docker run --read-only), and mount a tmpfs or a volume for each path that
                    the service has to write.
                    PROJCT_app_1, /: The root filesystem is writable: uid 0 wrote to /, /tmp, /var/tmp, /run and 4
                      more

                Low findings, not listed: 1 executable. writeprobe explain CONTAINER shows them.

                1 container: 1 violating · findings: 1 high, 1 low · 0.00 s
                """);
        JsonNode container = json();
        assertThat(container.path("verdict").asText()).isEqualTo("violating");
        assertThat(container.path("findings").path(0).path("kind").asText()).isEqualTo("exposed");
        assertThat(write(container, "/")).isEqualTo("writable");
        assertThat(audit("--fail-on", "critical").code()).isZero();
        assertThat(audit("--fail-on", "low").code()).isEqualTo(1);
    }
}
