package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The agent on a real engine.
class AgentIT {
    private static final String QUICK = "probe: {interval: 1s, exec-interval: 1s}\n";
    private static final String SLOW = "probe: {interval: 1h, exec-interval: 24h}\n";
    private static final String COMPLIANT = "writeprobe_container_compliant";
    private static final String VERIFIED = "writeprobe_container_verified";
    private static final String LAST_PROBE = "writeprobe_container_last_probe_timestamp_seconds";
    private static final String FINDING = "writeprobe_finding";

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static String label(String name, String value) {
        return name + "=\"" + value + "\"";
    }

    private static String containerLabel(String container) {
        return label("container", container);
    }

    private static List<String> processes(String container) {
        return lab.docker("top", container, "-eo", "pid,args").lines().skip(1).toList();
    }

    /// The page of a host whose name now resolves to an address of this host: DNS rebinding.
    @Test
    void aPageOfAnotherHostLearnsNothingAndChangesNothing() {
        try (RunningAgent agent = RunningAgent.start("probe: {interval: 1h}")) {
            String url = "http://" + agent.address();
            assertThat(curl(url + "/api/v1/report", "-H", "Host: evil.example")).isEqualTo("421");
            assertThat(curl(url + "/metrics", "-H", "Host: evil.example:80")).isEqualTo("421");
            assertThat(curl(url + "/-/reload", "-X", "POST", "-H", "Host: evil.example"))
                    .isEqualTo("421");
            assertThat(curl(url + "/-/reload", "-X", "POST", "-H", "Origin: http://evil.example"))
                    .isEqualTo("403");
            assertThat(curl(url + "/-/reload", "-X", "POST")).isEqualTo("200");
            assertThat(curl(url + "/metrics")).isEqualTo("200");
        }
    }

    private static String curl(String url, String... options) {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}"));
        command.addAll(List.of(options));
        command.add(url);
        return Lab.run(Map.of(), command).out();
    }

    @Test
    void whatRunsAndWhatStartsIsInTheMetrics() {
        String before = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(SLOW + "metrics: {paths: all}\n")) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(before));
            String after = lab.start(Image.BUSYBOX);
            agent.awaitSample(VERIFIED, 1, containerLabel(after));
            assertThat(agent.hasSample(FINDING, 1, containerLabel(after), label("kind", "exposed")))
                    .isTrue();
            assertThat(agent.hasSample(COMPLIANT, 0, containerLabel(after))).isTrue();
            for (String identity : List.of("service", "root")) {
                assertThat(
                                agent.samples(
                                        "writeprobe_path_writable",
                                        containerLabel(before),
                                        label("path", "/"),
                                        label("identity", identity)))
                        .singleElement()
                        .asString()
                        .endsWith(" 0.0");
            }
            lab.docker("rm", "-f", after);
            agent.await("no series", () -> !agent.metrics().contains(after));
            assertThat(agent.verdicts(after)).containsExactly("new violating", "violating gone");
        }
    }

    @Test
    void aRemountIsFoundAndReportedOnce() {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(QUICK)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.awaitSample(FINDING, 1, containerLabel(container), label("kind", "drift"));
            assertThat(
                            agent.hasSample(
                                    "writeprobe_container_rootfs_declared_readonly",
                                    1,
                                    containerLabel(container)))
                    .isTrue();
            lab.mount(container, "-o", "remount,bind,ro", "/");
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            RunningAgent.pause(Duration.ofSeconds(3));
            assertThat(agent.verdicts(container))
                    .containsExactly("new compliant", "compliant violating", "violating compliant");
            JsonNode drift =
                    agent.log().stream()
                            .filter(e ->
                                    e.path("container").asText().equals(container)
                                            && e.path("after").asText().equals("violating"))
                            .findFirst()
                            .orElseThrow();
            assertThat(drift.path("level").asText()).isEqualTo("warn");
            assertThat(drift.path("findings").toString()).contains("drift /");
            assertThat(drift.path("evidence").toString()).contains(" / / rw");
            assertThat(drift.path("msg").asText()).contains("declared read-only");
        }
    }

    /// With one cycle a minute and one exec in a quarter of an hour, only the kernel can have
    /// reported it.
    @Test
    void everyMountIsSeenAtOnceAndNoExecIsNeededForIt() {
        String container = lab.start(Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            // All other containers on the engine have been probed by then.
            agent.await("ready", () -> agent.send("GET", "/-/ready").statusCode() == 200);
            List<String> execs = agent.samples("writeprobe_probes_total", "exec");
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.awaitSample(FINDING, 1, containerLabel(container), label("kind", "drift"));
            lab.mount(container, "-o", "remount,bind,ro", "/");
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            lab.mount(container, "-t", "tmpfs", "t", "/home");
            agent.awaitSample(FINDING, 1, containerLabel(container), label("kind", "undeclared"));
            lab.docker("pause", container);
            lab.mount(container, "-o", "remount,bind,rw", "/");
            agent.awaitSample(FINDING, 1, containerLabel(container), label("kind", "drift"));
            assertThat(agent.samples("writeprobe_probes_total", "exec")).isEqualTo(execs);
            assertThat(
                            agent.hasSample(
                                    "writeprobe_detection_latency_seconds_count",
                                    0,
                                    label("trigger", "mount")))
                    .isFalse();
            lab.docker("unpause", container);
        }
    }

    @Test
    void aNameThatIsUsedAgainInheritsNothing() {
        String container = lab.start(Image.BUSYBOX);
        String first = lab.id(container);
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(FINDING, 1, containerLabel(container), label("kind", "exposed"));
            lab.docker("rm", "-f", container);
            lab.docker(
                    "run",
                    "-d",
                    "--name",
                    container,
                    "--label",
                    lab.label(),
                    "--network",
                    "none",
                    "--read-only",
                    lab.image(Image.BUSYBOX),
                    "sleep",
                    "3600");
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            assertThat(agent.metrics()).doesNotContain(first);
            assertThat(agent.samples(FINDING, containerLabel(container), label("severity", "high")))
                    .isEmpty();
        }
    }

    @Test
    void restartPauseAndRenameAreFollowed() {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        String id = label("id", lab.id(container).substring(0, 12));
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(VERIFIED, 1, id);
            lab.docker("rename", container, container + "x");
            agent.awaitSample(VERIFIED, 1, id, containerLabel(container + "x"));
            assertThat(agent.samples(VERIFIED, id)).hasSize(1);
            lab.docker("pause", container + "x");
            lab.docker("unpause", container + "x");
            lab.docker("restart", "-t", "0", container + "x");
            agent.awaitSample(VERIFIED, 1, id);
            lab.docker("kill", container + "x");
            agent.await("gone", () -> agent.samples(VERIFIED, id).isEmpty());
        }
    }

    /// An agent that reacted to its own execs would cause thousands of events a second.
    @Test
    void itsOwnExecsTriggerNothing() {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(VERIFIED, 1, containerLabel(container));
            List<String> probed = agent.samples(LAST_PROBE, containerLabel(container));
            lab.exec(container, "true");
            lab.exec(container, "true");
            RunningAgent.pause(Duration.ofSeconds(2));
            assertThat(agent.samples(LAST_PROBE, containerLabel(container)))
                    .isEqualTo(probed)
                    .hasSize(1);
        }
    }

    @Test
    void promtoolAcceptsTheMetrics() throws Exception {
        String hostile = "<b>\u001B[31m\"quoted\"\\ \u202Eevil\r\nline {{ $labels }} %s";
        String container =
                lab.start(
                        Image.BUSYBOX,
                        "--label",
                        "com.docker.compose.project=" + hostile,
                        "--label",
                        "com.docker.swarm.service.name=" + "x".repeat(10_000),
                        "--tmpfs",
                        "/data \"quoted\"\\");
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(VERIFIED, 1, containerLabel(container));
            assertThat(
                            agent.samples(
                                    "writeprobe_container_info",
                                    containerLabel(container),
                                    "compose_project=\"<b>"))
                    .hasSize(1);
            Path metrics = Files.createTempFile("wpagent", ".metrics");
            Path file = metrics.resolveSibling("writeprobe.prom");
            try {
                Files.writeString(metrics, agent.metrics());
                assertPromtoolAccepts(metrics);
                lab.writeprobe(
                        "audit", "--format", "prometheus", "--output", file.toString(), container);
                assertThat(Files.readString(file)).contains("writeprobe_container_info{");
                assertPromtoolAccepts(file);
            } finally {
                Files.delete(metrics);
                Files.deleteIfExists(file);
            }
        }
    }

    private static void assertPromtoolAccepts(Path metrics) {
        Lab.Run run = Lab.run(Map.of(), List.of("sh", "-c", "promtool check metrics <" + metrics));
        assertThat(run.output()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void itIsReadyAfterTheFirstCycleAndNotBefore() {
        try (RunningAgent agent =
                RunningAgent.start(QUICK, "--host", "unix:///nowhere/engine.sock")) {
            assertThat(agent.send("GET", "/-/ready").statusCode()).isEqualTo(503);
            agent.await(
                    "the reason",
                    () ->
                            agent.get("/-/ready")
                                    .contains("no engine socket at /nowhere/engine.sock"));
            assertThat(agent.send("GET", "/-/healthy").statusCode()).isEqualTo(200);
            agent.awaitSample("writeprobe_engine_up", 0, "/nowhere/engine.sock");
        }
        try (RunningAgent agent = RunningAgent.start(QUICK)) {
            agent.await("ready", () -> agent.send("GET", "/-/ready").statusCode() == 200);
        }
    }

    @Test
    void theReportIsTheOneThatAuditWrites() {
        String container = lab.start(Image.BUSYBOX, "--read-only");
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(VERIFIED, 1, containerLabel(container));
            assertThat(agent.get("/api/v1/report"))
                    .contains("\"schema\": \"writeprobe/report/v1\"", container, "askedAt");
        }
    }

    @Test
    void aBadFileKeepsTheOldConfigurationAndAGoodOneIsTaken() {
        String container = lab.start(Image.BUSYBOX);
        String waived =
                """
                probe: {interval: 1h, exec-interval: 24h}
                policy:
                  waivers:
                    - match: {container: %s}
                      findings: [exposed]
                      paths: [/]
                      reason: a test
                      owner: nobody
                      expires: 2999-12-31
                """
                        .formatted(container);
        try (RunningAgent agent = RunningAgent.start(SLOW)) {
            agent.awaitSample(FINDING, 1, containerLabel(container), label("waived", "false"));
            agent.configure("probe: {intervall: 1s, timeout: 99h}\n");
            HttpResponse<String> bad = agent.send("POST", "/-/reload");
            assertThat(bad.statusCode()).isEqualTo(500);
            assertThat(bad.body()).contains("intervall", "timeout");
            agent.awaitSample("writeprobe_config_last_reload_successful", 0);
            assertThat(agent.hasLogged(e -> e.toString().contains("intervall"))).isTrue();
            agent.configure(waived);
            agent.signal("HUP");
            agent.awaitSample("writeprobe_config_last_reload_successful", 1);
            agent.awaitSample(FINDING, 1, containerLabel(container), label("waived", "true"));
            agent.awaitSample(COMPLIANT, 1, containerLabel(container));
            assertThat(
                            agent.samples(
                                    "writeprobe_waiver_expiry_timestamp_seconds",
                                    containerLabel(container)))
                    .hasSize(1);
        }
    }

    @Test
    void sigtermEndsItWithinFiveSecondsAndLeavesNothingInAnyContainer() throws Exception {
        String image =
                lab.image(
                        Image.DASH,
                        "slowmotion",
                        "mv $tree/bin/chmod $tree/bin/chmod-in-time;"
                                + " printf '#!/bin/sh\\nsleep 0.3\\nexec chmod-in-time \"$@\"\\n' >$tree/bin/chmod;"
                                + " chmod 755 $tree/bin/chmod");
        Path host = lab.directory("sigterm");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            containers.add(
                    lab.start(
                            image,
                            List.of("sleep", "3600"),
                            "-v",
                            host + ":/data",
                            "--tmpfs",
                            "/tmp"));
        }
        int caught = 0;
        for (int i = 0; i < 2; i++) {
            try (RunningAgent agent = RunningAgent.start(QUICK)) {
                agent.await("a probe file", () -> !files(host).isEmpty());
                caught++;
                agent.signal("TERM");
                assertThat(agent.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
            }
        }
        assertThat(caught).isPositive();
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!(files(host).isEmpty()
                        && containers.stream().allMatch(c -> processes(c).size() == 1))
                && System.nanoTime() - until < 0) {
            RunningAgent.pause(Duration.ofMillis(100));
        }
        assertThat(files(host)).isEmpty();
        for (String container : containers) {
            assertThat(processes(container)).hasSize(1);
            assertThat(lab.exec(container, "ls -A /tmp").strip()).isEmpty();
        }
    }

    private static List<String> files(Path directory) {
        try (var files = Files.list(directory)) {
            return files.map(Path::toString).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Tag("long")
    @Test
    void twoAgentsDoEachOtherNoHarm() {
        String container = lab.start(Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        try (RunningAgent one = RunningAgent.start(QUICK);
                RunningAgent other = RunningAgent.start(QUICK)) {
            one.awaitSample(COMPLIANT, 1, containerLabel(container));
            other.awaitSample(COMPLIANT, 1, containerLabel(container));
            RunningAgent.pause(Duration.ofSeconds(4));
            assertThat(one.verdicts(container)).containsExactly("new compliant");
            assertThat(other.verdicts(container)).containsExactly("new compliant");
            Lab.Run third = lab.writeprobe("agent", "--web.listen-address", one.address());
            assertThat(third.code()).isEqualTo(2);
            assertThat(third.err()).contains("--web.listen-address").hasLineCount(1);
        }
    }

    @Test
    void allMistakesAreReportedAtOnce() throws Exception {
        Path file = Files.createTempFile("wpagent", ".yml");
        try {
            Files.writeString(
                    file,
                    """
                    engin: {}
                    probe:
                      witness: oracle
                      interval: soon
                      exec-interval: 0s
                      timeout: 1h
                      concurrency: 0
                      paths: tmp
                      execute: maybe
                    policy:
                      fail-on: grave
                    web:
                      listen-address: nowhere
                    """);
            for (String check : List.of("--config.check", "--log.level=info")) {
                Lab.Run run = lab.writeprobe("agent", check, "--config.file", file.toString());
                assertThat(run.code()).isEqualTo(2);
                assertThat(run.err()).hasLineCount(10);
                assertThat(run.out()).isEmpty();
            }
            Files.writeString(file, "engine: {hosts: ['foo://bar']}\n");
            for (String check : List.of("--config.check", "--log.level=info")) {
                Lab.Run run = lab.writeprobe("agent", check, "--config.file", file.toString());
                assertThat(run.code()).isEqualTo(2);
                assertThat(run.err()).contains("foo://bar");
            }
            Files.writeString(file, SLOW);
            Lab.Run good =
                    lab.writeprobe("agent", "--config.check", "--config.file", file.toString());
            assertThat(good.code()).isZero();
            assertThat(good.out()).contains("is valid");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aContainerThatHangsIsUnverifiedAndBlocksNoOther() {
        String image =
                lab.image(
                        Image.DASH,
                        "deaf",
                        "rm $tree/bin/sh; printf '#!/bin/dash\\ntrap \"\" HUP TERM\\nwhile :; do sleep 60; done\\n' >$tree/bin/sh; chmod 755 $tree/bin/sh");
        List<String> hung = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hung.add(lab.start(image, List.of("sleep", "3600"), "--read-only"));
        }
        try (RunningAgent agent =
                RunningAgent.start(
                        "probe: {witness: exec, interval: 1s, exec-interval: 24h, timeout: 2s,"
                                + " concurrency: 2}\n")) {
            hung.forEach(c -> agent.awaitSample(VERIFIED, 0, containerLabel(c)));
            RunningAgent.pause(Duration.ofSeconds(3));
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long from = System.nanoTime();
                String quick = lab.start(Image.BUSYBOX, "--read-only");
                agent.awaitSample(COMPLIANT, 1, containerLabel(quick));
                took.add(Duration.ofNanos(System.nanoTime() - from));
                lab.docker("rm", "-f", quick);
            }
            // A busy host may delay one of them; a probe that hangs would delay all.
            assertThat(took.stream().sorted().toList().get(1))
                    .as("%s", took)
                    .isLessThan(Duration.ofSeconds(4));
            assertThat(
                            agent.samples(
                                    "writeprobe_probe_failures_total",
                                    "timed-out",
                                    label("witness", "exec")))
                    .singleElement()
                    .asString()
                    .doesNotEndWith(" 0.0");
            assertThat(processes(hung.getFirst())).hasSizeLessThanOrEqualTo(1 + 2 * 3);
        }
    }
}
