package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Very large labels in the engine's responses, and containers that change all the time, do not
/// affect the verdicts of other containers.
class EngineAnswersIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LABEL = 20_000_100;

    @AutoClose private static Lab lab;

    private final String tag = "wp-answers-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// Other tests must not have to read these labels.
    @AfterEach
    void remove() {
        lab.docker("ps", "-aq", "--filter", "label=" + tag)
                .lines()
                .forEach(id -> lab.docker("rm", "-f", id));
    }

    private JsonNode audit(String... args) throws IOException {
        return JSON.readTree(lab.writeprobe(args).out());
    }

    private JsonNode filtered() throws IOException {
        return audit("audit", "--format", "json", "--filter", "label=" + tag);
    }

    private static JsonNode containerReport(JsonNode report, String name) {
        return report.path("containers")
                .valueStream()
                .filter(c -> c.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + report));
    }

    /// The engine accepts longer labels than any option of the docker command.
    private String startLabelled(String name, int characters) throws IOException {
        String whole = tag + "-" + name;
        String body =
                "{\"Image\":\"%s\",\"Cmd\":[\"sleep\",\"3600\"],\"Labels\":{\"%s\":\"\",\"%s\":\"\",\"long\":\"%s\"},\"HostConfig\":{\"ReadonlyRootfs\":true,\"NetworkMode\":\"none\"}}"
                        .formatted(
                                lab.image(Lab.Image.BUSYBOX),
                                tag,
                                lab.label(),
                                "x".repeat(characters));
        byte[] bytes = body.getBytes(UTF_8);
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(
                    UnixDomainSocketAddress.of(
                            System.getenv()
                                    .getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock")
                                    .replaceFirst("^unix://", "")));
            OutputStream out = Channels.newOutputStream(socket);
            out.write(
                    "POST /v1.41/containers/create?name=%s HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(whole, bytes.length)
                            .getBytes(UTF_8));
            out.write(bytes);
            InputStream in = Channels.newInputStream(socket);
            assertThat(new String(in.readAllBytes(), UTF_8)).contains("201 Created");
        }
        lab.docker("start", whole);
        return whole;
    }

    private String startPlain(String... options) {
        String[] all = java.util.Arrays.copyOf(options, options.length + 3);
        all[options.length] = "--read-only";
        all[options.length + 1] = "--label";
        all[options.length + 2] = tag;
        return lab.start(Lab.Image.BUSYBOX, all);
    }

    @Test
    void aLabelOfAnyLengthCostsOnlyItsOwnContainer() throws Exception {
        String web = startPlain();
        String big = startLabelled("big", LABEL);
        String merelyLong = startLabelled("long", 100_000);
        JsonNode report = filtered();
        assertThat(containerReport(report, web).path("verdict").asText()).isEqualTo("compliant");
        assertThat(containerReport(report, merelyLong).path("verdict").asText())
                .isEqualTo("compliant");
        assertThat(containerReport(report, big).path("verdict").asText()).isEqualTo("unverified");
        assertThat(containerReport(report, big).path("unproved").path(0).asText())
                .contains("is longer than 512 KiB, and is not read");
        assertThat(report.at("/engines/0/error").isMissingNode()).isTrue();
        Lab.Run named = lab.writeprobe("audit", big);
        assertThat(named.code()).isEqualTo(3);
        assertThat(named.unwrapped()).contains("1 container: 1 unverified").contains("512 KiB");
        assertThat(lab.writeprobe("audit", web).code()).isZero();
    }

    @Test
    void theAgentStillVerifiesAllOthers() throws Exception {
        String web = startPlain();
        try (RunningAgent agent =
                RunningAgent.start("probe: {interval: 2s, exec-interval: 24h}\n")) {
            agent.awaitSample("writeprobe_container_compliant", 1, "container=\"" + web + "\"");
            String big = startLabelled("big", LABEL);
            agent.awaitSample("writeprobe_container_verified", 0, "container=\"" + big + "\"");
            agent.awaitSample("writeprobe_container_compliant", 1, "container=\"" + web + "\"");
            agent.awaitSample("writeprobe_engine_up", 1);
            assertThat(agent.isAlive()).isTrue();
        }
    }

    private String startRestarting(String sleep) {
        return lab.start(
                lab.image(Lab.Image.BUSYBOX),
                List.of("sleep", sleep),
                "--read-only",
                "--restart",
                "always",
                "--label",
                tag);
    }

    private static void awaitRestart(String container) throws InterruptedException {
        Instant until = Instant.now().plusSeconds(30);
        while (lab.docker("inspect", "-f", "{{.RestartCount}}", container).strip().equals("0")) {
            assertThat(Instant.now()).isBefore(until);
            Thread.sleep(100);
        }
    }

    @Test
    void aContainerThatRestartsAllTheTimeIsUnverified() throws Exception {
        String web = startPlain();
        String loop = startRestarting("0.3");
        awaitRestart(loop);
        for (int i = 0; i < 3; i++) {
            Lab.Run run = lab.writeprobe("audit", "--format", "json", "--filter", "label=" + tag);
            assertThat(run.code()).isEqualTo(3);
            JsonNode report = JSON.readTree(run.out());
            assertThat(containerReport(report, web).path("verdict").asText())
                    .isEqualTo("compliant");
            assertThat(containerReport(report, loop).path("verdict").asText())
                    .isEqualTo("unverified");
            assertThat(containerReport(report, loop).path("unproved").path(0).asText())
                    .startsWith("it restarts again and again (")
                    .contains("its log shows why");
        }
        Lab.Run named = lab.writeprobe("audit", loop);
        assertThat(named.code()).isEqualTo(3);
        assertThat(named.unwrapped())
                .contains("it restarts again and again")
                .doesNotContain("start it first");
    }

    @Test
    void twoManualRestartsAreNoRestartLoop() {
        String web = startPlain("--restart", "always");
        lab.docker("restart", "-t", "0", web);
        lab.docker("restart", "-t", "0", web);
        assertThat(lab.writeprobe("audit", web).code()).isZero();
    }

    @Test
    void theAgentKeepsWhatRestartsUntilItHasSettledOrIsGone() throws Exception {
        String loop = startRestarting("0.3");
        awaitRestart(loop);
        try (RunningAgent agent =
                RunningAgent.start("probe: {interval: 2s, exec-interval: 24h}\n")) {
            String label = "container=\"" + loop + "\"";
            agent.awaitSample("writeprobe_container_verified", 0, label);
            Instant until = Instant.now().plus(Duration.ofSeconds(6));
            while (Instant.now().isBefore(until)) {
                assertThat(agent.metrics())
                        .contains(loop)
                        .doesNotContainPattern(
                                "writeprobe_container_compliant\\{[^}]*" + loop + "[^}]*\\} 1");
                Thread.sleep(200);
            }
            lab.docker("rm", "-f", loop);
            until = Instant.now().plus(Duration.ofSeconds(20));
            while (agent.metrics().contains(loop)) {
                assertThat(Instant.now()).isBefore(until);
                Thread.sleep(200);
            }
        }
    }

    @Test
    void containerWithFakedHelperLabelsIsJudged() throws Exception {
        String[] helper = {
            "--label", "writeprobe.helper=clone", "--label", "writeprobe.helper.seconds=600"
        };
        String clone = rename("writeprobe-" + tag, startPlain(helper));
        String powerful =
                rename(
                        "writeprobe-p-" + tag,
                        startPlain(
                                "--cap-add",
                                "SYS_ADMIN",
                                helper[0],
                                helper[1],
                                helper[2],
                                helper[3]));
        String mounts =
                rename(
                        "writeprobe-m-" + tag,
                        startPlain(
                                "-v",
                                lab.directory("d") + ":/d",
                                helper[0],
                                helper[1],
                                helper[2],
                                helper[3]));
        String volume =
                rename(
                        "writeprobe-v-" + tag,
                        startPlain(
                                "-v",
                                lab.volume() + ":/d",
                                helper[0],
                                helper[1],
                                helper[2],
                                helper[3]));
        JsonNode report = filtered();
        assertThat(containerReport(report, powerful).path("verdict").asText())
                .isEqualTo("violating");
        containerReport(report, mounts);
        containerReport(report, volume);
        assertThat(report.at("/summary/leftOut").asInt()).isEqualTo(1);
        assertThat(report.at("/engines/0/leftOut/0/name").asText()).isEqualTo(clone);
        assertThat(report.at("/engines/0/leftOut/0/reason").asText()).isEqualTo("helper");
        assertThat(audit("audit", "--format", "json", clone).path("containers").size())
                .isEqualTo(1);
    }

    private static String rename(String name, String container) {
        lab.docker("rename", container, name);
        return name;
    }
}
