package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The agent's container is itself compliant, run on a real engine with the options that the
/// kubelet and cri-dockerd would derive from the DaemonSet.
@EnabledIfEnvironmentVariable(
        named = TestedImage.VARIABLE,
        matches = ".+",
        disabledReason = "bin/image --test builds the image")
class DaemonSetIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path MANIFESTS = Path.of("..", "config", "kubernetes");
    private static final Path PODS = Path.of("/var/lib/kubelet/pods");
    private static final Duration START = Duration.ofSeconds(60);

    @AutoClose private static Lab lab;

    private static final String NODE = "/proc/1/root";

    private final String uid = UUID.randomUUID().toString();
    private final Path pod = PODS.resolve(uid);

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @BeforeEach
    void createPod() throws IOException {
        Path policy =
                Files.createDirectories(pod.resolve("volumes/kubernetes.io~configmap/config"));
        Files.copy(MANIFESTS.resolve("policy.yml"), policy.resolve("writeprobe.yml"));
        Files.writeString(pod.resolve("etc-hosts"), "127.0.0.1 localhost\n");
        Files.createDirectories(pod.resolve("containers/agent"));
        Files.writeString(pod.resolve("containers/agent/5fd1a2"), "");
    }

    /// Also removes the kubelet's directory, unless a kubelet runs here.
    @AfterEach
    void removePod() {
        Lab.run(Map.of(), List.of("rm", "-rf", pod.toString()));
        Lab.run(Map.of(), List.of("rmdir", "-p", "--ignore-fail-on-non-empty", PODS.toString()));
    }

    private static JsonNode daemonSet() throws IOException {
        String text = Files.readString(MANIFESTS.resolve("daemonset.yml"));
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /// The root directory of the node. On a machine that is a container itself, its first process
    /// may have more capabilities than the engine can give.
    private static String node() {
        return "/proc/" + ProcessHandle.current().pid() + "/root";
    }

    /// The options of docker that correspond to what the kubelet and cri-dockerd make of the
    /// manifest.
    private List<String> options(JsonNode spec) {
        JsonNode container = spec.at("/containers/0");
        JsonNode context = container.get("securityContext");
        List<String> options = new ArrayList<>();
        options.add("--user=" + context.get("runAsUser") + ":" + context.get("runAsGroup"));
        context.at("/capabilities/drop").forEach(c -> options.add("--cap-drop=" + c.asText()));
        context.at("/capabilities/add").forEach(c -> options.add("--cap-add=" + c.asText()));
        if (context.get("readOnlyRootFilesystem").asBoolean()) {
            options.add("--read-only");
        }
        if (!context.get("allowPrivilegeEscalation").asBoolean()) {
            options.add("--security-opt=no-new-privileges");
        }
        if (spec.get("hostPID").asBoolean()) {
            options.add("--pid=host");
        }
        if (context.at("/appArmorProfile/type").asText().equals("Unconfined")) {
            options.add("--security-opt=apparmor=unconfined");
        }
        container
                .get("env")
                .forEach(e ->
                        options.add(
                                "--env="
                                        + e.get("name").asText()
                                        + "="
                                        + e.get("value").asText().replace(NODE, node())));
        options.add(
                "--memory=" + container.at("/resources/limits/memory").asText().replace("Mi", "m"));
        for (JsonNode mount : container.get("volumeMounts")) {
            String source = pod + "/volumes/kubernetes.io~configmap/" + mount.get("name").asText();
            String mode = mount.path("readOnly").asBoolean() ? ":ro" : "";
            options.add("--volume=" + source + ":" + mount.get("mountPath").asText() + mode);
        }
        options.add("--volume=" + pod + "/etc-hosts:/etc/hosts");
        options.add("--volume=" + pod + "/containers/agent/5fd1a2:/dev/termination-log");
        Map.of(
                        "container.name", container.get("name").asText(),
                        "docker.type", "container",
                        "pod.name", "writeprobe-x2x4z",
                        "pod.namespace", "writeprobe",
                        "pod.uid", uid)
                .forEach((key, value) -> options.add("--label=io.kubernetes." + key + "=" + value));
        return options;
    }

    /// The agent's response, requested in its own network namespace.
    private static String httpGet(String container, String path) {
        String script =
                "exec 3<>/dev/tcp/127.0.0.1/9714; printf 'GET "
                        + path
                        + " HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
        return Lab.run(Map.of(), List.of("docker", "exec", container, "bash", "-c", script)).out();
    }

    private static JsonNode ownReport(String container) throws IOException {
        long until = System.nanoTime() + START.toNanos();
        while (true) {
            String answer = httpGet(container, "/api/v1/report");
            int body = answer.indexOf("\r\n\r\n");
            if (body > 0) {
                for (JsonNode c : JSON.readTree(answer.substring(body)).path("containers")) {
                    if (c.path("name").asText().equals(container)
                            && !c.path("witnesses").isEmpty()) {
                        return c;
                    }
                }
            }
            assertThat(System.nanoTime())
                    .as(() -> answer + lab.docker("logs", container))
                    .isLessThan(until);
            RunningAgent.pause(Duration.ofMillis(300));
        }
    }

    @Test
    void itFindsItselfCompliantAndAnswersTheKubelet() throws Exception {
        JsonNode spec = daemonSet().at("/spec/template/spec");
        List<String> args = new ArrayList<>();
        spec.at("/containers/0/args").forEach(a -> args.add(a.asText()));
        // A private engine has its socket elsewhere.
        args.add("--host=unix://" + node() + TestedImage.socket().toRealPath());
        String container =
                lab.start(TestedImage.name(), args, options(spec).toArray(String[]::new));

        JsonNode report = ownReport(container);
        assertThat(report.get("verdict").asText())
                .as(report.get("findings")::toPrettyString)
                .isEqualTo("compliant");
        assertThat(report.get("unproved")).isEmpty();
        assertThat(report.get("namespace").asText()).isEqualTo("writeprobe");
        assertThat(report.get("witnesses").findValuesAsText("name")).containsOnly("procfs");
        assertThat(report.get("findings").valueStream())
                .extracting(f -> f.get("kind").asText(), f -> f.get("waiver").isObject())
                .containsExactlyInAnyOrder(tuple("bypassable", true), tuple("executable", false));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(
                            httpGet(
                                    container,
                                    spec.at("/containers/0/" + probe + "/httpGet/path").asText()))
                    .as(probe)
                    .startsWith("HTTP/1.1 200");
        }
    }
}
