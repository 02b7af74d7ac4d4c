package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Containers with the names and labels that cri-dockerd gives them: one pod, with a pause
/// container and two others.
class KubernetesIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UID = UUID.randomUUID().toString();
    private static final String POD = "web-7d4b9-x2x";
    private static final String NAMESPACE = "wp-" + UID.substring(0, 8);

    @AutoClose private static Lab lab;
    private static String pause;
    private static String nginx;
    private static String helper;

    @TempDir Path scratch;

    @BeforeAll
    static void open() {
        lab = Lab.open();
        // The real pause image has a program that only waits, and no shell.
        pause = container("POD", "podsandbox", Image.NO_SHELL);
        nginx = container("nginx", "container", Image.BUSYBOX, "--read-only");
        helper = container("helper", "container", Image.BUSYBOX);
    }

    private static String container(String name, String type, Image image, String... options) {
        String whole = "k8s_%s_%s_%s_%s_0".formatted(name, POD, NAMESPACE, UID);
        String[] all =
                Stream.concat(
                                Stream.of(options),
                                Stream.of(
                                        "--label=io.kubernetes.container.name=" + name,
                                        "--label=io.kubernetes.docker.type=" + type,
                                        "--label=io.kubernetes.pod.name=" + POD,
                                        "--label=io.kubernetes.pod.namespace=" + NAMESPACE,
                                        "--label=io.kubernetes.pod.uid=" + UID))
                        .toArray(String[]::new);
        lab.docker("rename", lab.start(image, all), whole);
        return whole;
    }

    private static JsonNode audit(String... args) throws IOException {
        return JSON.readTree(
                lab.writeprobe(
                                Stream.concat(
                                                Stream.of("audit", "--format", "json"),
                                                Stream.of(args))
                                        .toArray(String[]::new))
                        .out());
    }

    private static List<String> names(JsonNode report) {
        return report.get("containers").valueStream().map(c -> c.get("name").asText()).toList();
    }

    private static String filter() {
        return "label=io.kubernetes.pod.uid=" + UID;
    }

    @Test
    void anAuditNamesPodNamespaceAndContainerAndLeavesThePauseContainerOut() throws Exception {
        JsonNode report = audit("--filter", filter());

        assertThat(names(report)).containsExactlyInAnyOrder(nginx, helper);
        assertThat(report.at("/summary/leftOut").asInt()).isEqualTo(1);
        assertThat(report.at("/engines/0/leftOut/0/name").asText()).isEqualTo(pause);
        assertThat(report.at("/engines/0/leftOut/0/reason").asText()).isEqualTo("pod-sandbox");
        assertThat(report.get("containers").valueStream())
                .allSatisfy(c -> {
                    assertThat(c.get("pod").asText()).isEqualTo(POD);
                    assertThat(c.get("namespace").asText()).isEqualTo(NAMESPACE);
                })
                .extracting(
                        c -> c.get("kubernetesContainer").asText(), c -> c.get("verdict").asText())
                .containsExactlyInAnyOrder(
                        tuple("nginx", "compliant"), tuple("helper", "violating"));
        assertThat(lab.writeprobe("audit", "--filter", filter()).unwrapped())
                .contains("1 pause container of pods excluded (--format json lists them)");
    }

    @Test
    void theNameOnKubernetesIsAReference() throws Exception {
        String name = NAMESPACE + "/" + POD + "/nginx";

        assertThat(names(audit(name))).containsExactly(nginx);
        assertThat(lab.writeprobe("explain", name).unwrapped()).contains(nginx, "compliant");
        assertThat(lab.writeprobe("recommend", name).unwrapped()).contains(nginx);
        assertThat(lab.writeprobe("audit", NAMESPACE + "/" + POD + "/none").code()).isEqualTo(2);
    }

    @Test
    void aPauseContainerThatIsAskedForIsJudged() throws Exception {
        assertThat(names(audit(pause))).containsExactly(pause);
        Path file = scratch.resolve("writeprobe.yml");
        Files.writeString(file, "probe: {pod-sandboxes: true}\n");
        JsonNode report = audit("--filter", filter(), "--config.file", file.toString());
        assertThat(names(report)).containsExactlyInAnyOrder(pause, nginx, helper);
        assertThat(report.at("/summary/leftOut").asInt()).isZero();
    }

    /// The label must not hide a container that is not a pause container.
    @Test
    void aContainerThatReachesTheHostIsNoPauseContainer() throws Exception {
        String liar =
                container(
                        "POD_",
                        "podsandbox",
                        Image.BUSYBOX,
                        "-v",
                        lab.directory("data") + ":/data");
        try {
            assertThat(names(audit("--filter", filter()))).contains(liar);
        } finally {
            lab.docker("rm", "-f", liar);
        }
    }

    @Test
    void aContainerThatWasGivenPowerIsNoPauseContainer() throws Exception {
        List<String> liars = new ArrayList<>();
        try {
            liars.add(container("POD_a", "podsandbox", Image.NO_SHELL, "--cap-add=SYS_ADMIN"));
            liars.add(
                    container(
                            "POD_b",
                            "podsandbox",
                            Image.NO_SHELL,
                            "--cap-add=SYS_ADMIN",
                            "--pid=host"));
            liars.add(
                    container(
                            "POD_d",
                            "podsandbox",
                            Image.NO_SHELL,
                            "--device-cgroup-rule=b 7:* rwm"));
            liars.add(
                    container(
                            "POD_e",
                            "podsandbox",
                            Image.NO_SHELL,
                            "--security-opt=systempaths=unconfined"));
            liars.add(
                    container(
                            "POD_f",
                            "podsandbox",
                            Image.NO_SHELL,
                            "--security-opt=seccomp=unconfined"));
            // The pause container of a pod with `hostPID`, which sees the host's processes.
            liars.add(container("POD_h", "podsandbox", Image.NO_SHELL, "--pid=host"));
            assertThat(names(audit("--filter", filter()))).containsAll(liars);
        } finally {
            liars.forEach(liar -> lab.docker("rm", "-f", liar));
        }
    }

    /// The pause container of a pod with `hostIPC`.
    @Test
    void aPauseContainerMayShareTheMachinesIpc() throws Exception {
        String shares =
                container(
                        "POD_g",
                        "podsandbox",
                        Image.NO_SHELL,
                        "--ipc=host",
                        "--security-opt=no-new-privileges");
        try {
            JsonNode report = audit("--filter", filter());
            assertThat(names(report)).doesNotContain(shares);
            assertThat(report.at("/summary/leftOut").asInt()).isEqualTo(2);
        } finally {
            lab.docker("rm", "-f", shares);
        }
    }

    @Test
    void theAgentsMetricsHavePodNamespaceAndContainer() {
        try (RunningAgent agent =
                RunningAgent.start("probe: {interval: 1h, exec-interval: 24h}\n")) {
            agent.awaitSample(
                    "writeprobe_container_info",
                    1,
                    "container=\"nginx\"",
                    "pod=\"" + POD + "\"",
                    "namespace=\"" + NAMESPACE + "\"",
                    "uid=\"" + UID + "\"",
                    "container_id=\"docker://" + lab.id(nginx) + "\"");
            agent.awaitSample("writeprobe_containers_left_out", 1, "reason=\"pod-sandbox\"");
            assertThat(agent.samples("writeprobe_container_info", "pod=\"" + POD + "\""))
                    .hasSize(2)
                    .noneMatch(s -> s.contains("container=\"POD\""));
        }
    }
}
