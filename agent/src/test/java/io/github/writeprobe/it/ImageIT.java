package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docs.Documents;
import io.github.writeprobe.it.AllowlistProxy.Call;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The image, run with `config/compose.yml`, is itself compliant according to its own report.
@EnabledIfEnvironmentVariable(
        named = TestedImage.VARIABLE,
        matches = ".+",
        disabledReason = "bin/image --test builds the image")
class ImageIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration START = Duration.ofSeconds(60);

    @AutoClose private static Lab lab;

    private final String project =
            "wpimage" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final Map<String, String> environment = new HashMap<>();
    private String profile = "exec";

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @AfterEach
    void down() {
        if (!environment.isEmpty()) {
            compose("down", "-v", "-t", "5");
        }
    }

    private void compose(String... args) {
        List<String> command =
                new ArrayList<>(List.of("docker-compose", "-p", project, "--profile", profile));
        command.addAll(List.of("-f", Path.of("../config/compose.yml").toString()));
        command.addAll(List.of(args));
        Lab.Run run = Lab.run(environment, command);
        assertThat(run.code()).as(run.output()).isZero();
    }

    /// @return the container's name
    private String up(String level, Path socket) throws IOException {
        profile = level;
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("WRITEPROBE_PORT", Integer.toString(free.getLocalPort()));
        }
        environment.put("WRITEPROBE_IMAGE", TestedImage.name());
        environment.put("DOCKER_SOCKET", socket.toString());
        environment.put("DOCKER_GID", Files.getAttribute(socket, "unix:gid").toString());
        compose("up", "-d");
        return lab.docker(
                        "ps",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--format",
                        "{{.Names}}")
                .strip();
    }

    /// The agent's report about its own container, after it has probed it.
    private JsonNode ownReport(String container) throws IOException {
        long until = System.nanoTime() + START.toNanos();
        while (true) {
            Lab.Run run =
                    Lab.run(
                            Map.of(),
                            List.of(
                                    "curl",
                                    "-sS",
                                    "http://127.0.0.1:"
                                            + environment.get("WRITEPROBE_PORT")
                                            + "/api/v1/report"));
            if (run.code() == 0) {
                for (JsonNode entry : JSON.readTree(run.out()).path("containers")) {
                    boolean looked = !entry.path("witnesses").isEmpty();
                    if (entry.path("name").asText().equals(container) && looked) {
                        return entry;
                    }
                }
            }
            assertThat(System.nanoTime())
                    .as(() -> run.output() + lab.docker("logs", container))
                    .isLessThan(until);
            RunningAgent.pause(Duration.ofMillis(300));
        }
    }

    private static List<String> findings(JsonNode container) {
        return StreamSupport.stream(container.path("findings").spliterator(), false)
                .map(f ->
                        f.path("kind").asText()
                                + " "
                                + f.path("path").asText()
                                + (f.path("waiver").isObject() ? " waived" : ""))
                .sorted()
                .toList();
    }

    /// Every mount that is declared read-only was proved read-only, except for the socket, for
    /// which that has no meaning.
    private static void assertProved(JsonNode container) {
        assertThat(container.path("verdict").asText())
                .as(container.path("findings")::toPrettyString)
                .isEqualTo("compliant");
        Set<String> proved = new TreeSet<>();
        Set<String> readOnly = new TreeSet<>();
        for (JsonNode path : container.path("paths")) {
            String mount = path.path("mount").path("point").asText();
            if (path.path("observations").findValuesAsText("errno").contains("EROFS")) {
                proved.add(mount);
            }
            if (path.path("declared").asText().equals("read-only")) {
                readOnly.add(mount);
            }
        }
        assertThat(readOnly).contains("/", "/run/docker.sock");
        readOnly.remove("/run/docker.sock");
        assertThat(proved).containsAll(readOnly);
    }

    /// A field of the status of the container's first process, wherever it is in the process tree.
    private static String firstProcessStatus(String container, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + lab.pid(container) + "/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static void assertHealthy(String container) {
        long until = System.nanoTime() + START.toNanos();
        String health = "";
        while (!health.equals("healthy")) {
            health = lab.docker("inspect", "-f", "{{.State.Health.Status}}", container).strip();
            assertThat(System.nanoTime()).as(health).isLessThan(until);
            RunningAgent.pause(Duration.ofMillis(300));
        }
    }

    @Test
    void itIsSmallerThan130Megabytes() {
        String size = lab.docker("image", "inspect", "-f", "{{.Size}}", TestedImage.name()).strip();
        assertThat(Long.parseLong(size)).isLessThan(130_000_000);
    }

    /// Word by word, except for the image's name, the engine's socket, and the selection.
    @Test
    void theFirstExampleOfTheInstallationPageAuditsAndLeavesItselfOut() {
        String container = lab.start(Lab.Image.BUSYBOX, "--read-only");
        String example =
                Documents.blocks().stream()
                        .filter(block -> block.where().startsWith("docs/install.md"))
                        .findFirst()
                        .orElseThrow()
                        .text()
                        .replace("\\\n", "")
                        .strip();
        assertThat(example).startsWith("docker run --rm").endsWith(" writeprobe audit");
        String command =
                example.replace(" writeprobe audit", " " + TestedImage.name() + " audit")
                        .replace("-v /var/run/docker.sock", "-v " + TestedImage.socket());
        Lab.Run all = Lab.run(lab.environment(), List.of("sh", "-c", command + " --format json"));
        assertThat(all.err()).isEmpty();
        assertThat(all.out()).contains(container).contains("\"reason\": \"self\"");
        Lab.Run one = Lab.run(lab.environment(), List.of("sh", "-c", command + " " + container));
        assertThat(one.code()).as(one.output()).isZero();
        assertThat(one.out()).contains("\u2713 " + container);
    }

    @Test
    void atTheLevelExecItIsCompliantWithNoCapabilityAtAll() throws Exception {
        String container = up("exec", TestedImage.socket());
        JsonNode report = ownReport(container);
        assertProved(report);
        assertThat(findings(report))
                .containsExactly("bypassable / waived", "exposed /run/docker.sock waived");
        assertThat(firstProcessStatus(container, "CapEff")).isEqualTo("0000000000000000");
        assertThat(firstProcessStatus(container, "NoNewPrivs")).isEqualTo("1");
        assertThat(firstProcessStatus(container, "Uid")).startsWith("65532");
        assertHealthy(container);
    }

    @Test
    void atTheLevelProcfsItIsCompliantWithFourCapabilities() throws Exception {
        String container = up("procfs", TestedImage.socket());
        JsonNode report = ownReport(container);
        assertProved(report);
        assertThat(report.path("witnesses").findValuesAsText("name")).contains("exec", "procfs");
        assertThat(findings(report))
                .containsExactly(
                        "bypassable / waived",
                        "executable /dev",
                        "exposed /run/docker.sock waived");
        // DAC_OVERRIDE is bit 1, SETGID 6, SETUID 7, SYS_PTRACE 19.
        assertThat(firstProcessStatus(container, "CapEff")).isEqualTo("00000000000800c2");
        assertThat(firstProcessStatus(container, "NoNewPrivs")).isEqualTo("1");
        assertHealthy(container);
    }

    /// The socket is then not the engine's own, but the power over the host's processes remains.
    @Test
    void behindAnAllowlistProxyOnlyItsViewOfTheHostIsWaived() throws Exception {
        List<Call> allowed =
                Call.all().stream().filter(c -> !c.caller().equals("sidecar")).toList();
        Path socket = lab.directory("proxied").resolve("engine.sock");
        try (AllowlistProxy proxy = new AllowlistProxy(socket, TestedImage.socket(), allowed)) {
            String container = up("procfs", socket);
            JsonNode report = ownReport(container);
            assertProved(report);
            assertThat(findings(report)).containsExactly("bypassable / waived", "executable /dev");
            assertThat(proxy.refused()).isEmpty();
        }
    }

    @Test
    void imageHasOciLabelsAndANonRootUser() throws Exception {
        JsonNode image = JSON.readTree(lab.docker("inspect", TestedImage.name())).path(0);
        JsonNode labels = image.path("Config").path("Labels");
        for (String key :
                List.of("title", "description", "licenses", "version", "revision", "created")) {
            assertThat(labels.path("org.opencontainers.image." + key).asText())
                    .as(key)
                    .isNotEmpty()
                    .isNotEqualTo("unknown");
        }
        assertThat(image.path("Config").path("User").asText()).isEqualTo("65532:65532");
        Lab.Run version = Lab.run(Map.of(), Lab.command("--version"));
        assertThat(version.output())
                .contains(labels.path("org.opencontainers.image.version").asText())
                .contains(labels.path("org.opencontainers.image.revision").asText());
    }

    @Test
    void anAgentThatDoesNotAnswerIsUnhealthy() throws Exception {
        String container = up("exec", TestedImage.socket());
        ownReport(container);
        String check = "/opt/writeprobe/bin/healthcheck";
        assertThat(lab.docker("exec", container, check)).isEmpty();
        Lab.Run elsewhere = Lab.run(Map.of(), List.of("docker", "exec", container, check, "9"));
        assertThat(elsewhere.code()).isEqualTo(1);
        String pid = Long.toString(lab.pid(container));
        Lab.run(Map.of(), List.of("kill", "-STOP", pid));
        try {
            Lab.Run hung = Lab.run(Map.of(), List.of("docker", "exec", container, check));
            assertThat(hung.code()).isEqualTo(1);
            assertThat(hung.out()).contains("not healthy: no answer");
        } finally {
            Lab.run(Map.of(), List.of("kill", "-CONT", pid));
        }
    }
}
