package io.github.writeprobe.deploy;

import static io.github.writeprobe.deploy.Manifests.single;
import static io.github.writeprobe.deploy.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chart, linted and rendered by Helm itself. `-Dgolden.update=true` copies the schema of the
/// configuration into that of the values.
@EnabledIfSystemProperty(
        named = "os.arch",
        matches = "amd64",
        disabledReason = "the tests have Helm's library for this architecture only")
class HelmChartTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CHART = Path.of("..", "config", "helm", "writeprobe");
    private static final String CHECKSUM = "checksum/config";

    /// What Helm says about itself.
    private static final List<String> OF_HELM =
            List.of("app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart");

    /// The chart without its oldest version of Kubernetes. Without a cluster, Helm's library
    /// renders for one that is older.
    @TempDir private static Path rendered;

    @BeforeAll
    static void copyChart() throws IOException {
        for (Path file : files()) {
            Path copy = rendered.resolve(CHART.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.writeString(
                    copy, Files.readString(file).replaceFirst("(?m)^kubeVersion: .*\n", ""));
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(CHART, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    /// @param values by their paths, as `--set` takes them
    private static List<JsonNode> render(Map<String, String> values) {
        return Manifests.documents(render(rendered, values));
    }

    private static String render(Path chart, Map<String, String> values) {
        TemplateCommand template =
                new Helm(chart).template().withName("writeprobe").withNamespace("writeprobe");
        values.forEach(template::set);
        return template.call();
    }

    private static JsonNode pod(Map<String, String> values) {
        return single(render(values), "DaemonSet").at("/spec/template/spec");
    }

    @Test
    void helmFindsNothingToComplainAbout() {
        LintResult result = new Helm(CHART).lint().strict().quiet().call();

        assertThat(result.isFailed()).as(result.getMessages()::toString).isFalse();
    }

    /// Older ones drop the field appArmorProfile without a word.
    @Test
    void anOlderKubernetesIsRefused() {
        assertThatThrownBy(() -> render(CHART, Map.of()))
                .hasMessageContaining("chart requires kubeVersion: >=1.30.0-0");
    }

    @Test
    void withoutValuesItMakesTheObjectsOfTheKustomization() {
        List<JsonNode> chart = render(Map.of());
        List<JsonNode> kustomization = Manifests.ofKustomization();

        assertThat(Manifests.kinds(chart))
                .containsExactlyInAnyOrder(
                        "ServiceAccount", "ConfigMap", "DaemonSet", "NetworkPolicy");
        for (JsonNode object : chart) {
            assertThat(withoutNamesOfTools(object))
                    .isEqualTo(
                            withoutNamesOfTools(
                                    single(kustomization, object.get("kind").asText())));
        }
    }

    @Test
    void itMakesTheNamespaceOfTheKustomizationIfItIsAskedTo() {
        List<JsonNode> chart = render(Map.of("namespace", "probes", "createNamespace", "true"));

        ObjectNode expected = withoutNamesOfTools(single(Manifests.ofKustomization(), "Namespace"));
        ((ObjectNode) expected.get("metadata")).put("name", "probes");
        assertThat(withoutNamesOfTools(single(chart, "Namespace"))).isEqualTo(expected);
        assertThat(single(chart, "DaemonSet").at("/metadata/namespace").asText())
                .isEqualTo("probes");
    }

    /// kustomize appends a hash to the name of a ConfigMap, where Helm has an annotation.
    private static ObjectNode withoutNamesOfTools(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        for (String place : List.of("/metadata", "/spec/template/metadata")) {
            if (copy.at(place + "/labels") instanceof ObjectNode labels) {
                labels.remove(OF_HELM);
            }
            if (copy.at(place + "/annotations") instanceof ObjectNode annotations) {
                annotations.remove(CHECKSUM);
            }
        }
        for (String place : List.of("/metadata", "/spec/template/spec/volumes/0/configMap")) {
            if (copy.at(place) instanceof ObjectNode named && named.has("name")) {
                named.put("name", named.get("name").asText().replaceFirst("-[0-9a-z]{10}$", ""));
            }
        }
        return copy;
    }

    @Test
    void theObjectsOfTheOperatorAreThoseOfTheManifests() throws Exception {
        List<JsonNode> chart =
                render(
                        Map.of(
                                "podMonitor.enabled", "true",
                                "podMonitor.labels.release", "monitoring",
                                "prometheusRule.enabled", "true",
                                "prometheusRule.labels.release", "monitoring"));

        JsonNode monitor = single(chart, "PodMonitor");
        JsonNode rule = single(chart, "PrometheusRule");
        for (JsonNode object : List.of(monitor, rule)) {
            Manifests.readStrictly(object);
            assertThat(object.at("/metadata/labels/release").asText()).isEqualTo("monitoring");
        }
        assertThat(monitor.get("spec"))
                .isEqualTo(Deployed.tree("config/kubernetes/podmonitor.yml").get("spec"));
        assertThat(rule.get("spec")).isEqualTo(Deployed.tree(PrometheusRuleFile.PATH).get("spec"));
    }

    @Test
    void everyValueIsUsed() throws Exception {
        List<JsonNode> chart =
                render(
                        Map.ofEntries(
                                Map.entry("image.repository", "registry.example/writeprobe"),
                                Map.entry("image.digest", "sha256:" + "0".repeat(64)),
                                Map.entry("image.pullPolicy", "Always"),
                                Map.entry("imagePullSecrets[0].name", "registry"),
                                Map.entry("sockets[0]", "cri:///opt/run/containerd.sock"),
                                Map.entry("env[0].name", "WRITEPROBE_JAVA_OPTS"),
                                Map.entry("env[0].value", "-Xmx384m"),
                                Map.entry("resources.limits.memory", "600Mi"),
                                Map.entry("nodeSelector.pool", "apps"),
                                Map.entry("tolerations[0].key", "gpu"),
                                Map.entry("tolerations[0].operator", "Exists"),
                                Map.entry(
                                        "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight",
                                        "1"),
                                Map.entry("priorityClassName", "system-node-critical"),
                                Map.entry("podLabels.team", "platform"),
                                Map.entry("podAnnotations.note", "mine"),
                                Map.entry("networkPolicy.prometheusNamespace", "observability")));
        for (JsonNode object : chart) {
            Manifests.readStrictly(object);
        }

        JsonNode template = single(chart, "DaemonSet").at("/spec/template");
        JsonNode container = template.at("/spec/containers/0");
        assertThat(container.get("image").asText())
                .isEqualTo("registry.example/writeprobe@sha256:" + "0".repeat(64));
        assertThat(container.get("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(template.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("registry");
        // Below the node's root directory, as the agent sees it.
        assertThat(texts(container.get("args")))
                .endsWith("--host=cri:///proc/1/root/opt/run/containerd.sock");
        assertThat(container.get("env").findValuesAsText("name"))
                .containsExactly("WRITEPROBE_HOST_ROOT", "WRITEPROBE_JAVA_OPTS");
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("600Mi");
        assertThat(template.at("/spec/nodeSelector/pool").asText()).isEqualTo("apps");
        assertThat(template.at("/spec/tolerations")).hasSize(1);
        assertThat(template.at("/spec/affinity/nodeAffinity").size()).isEqualTo(1);
        assertThat(template.at("/spec/priorityClassName").asText())
                .isEqualTo("system-node-critical");
        assertThat(template.at("/metadata/labels/team").asText()).isEqualTo("platform");
        assertThat(template.at("/metadata/annotations/note").asText()).isEqualTo("mine");
        assertThat(
                        single(chart, "NetworkPolicy")
                                .at("/spec/ingress/0/from/0/namespaceSelector/matchLabels")
                                .findValuesAsText("kubernetes.io/metadata.name"))
                .containsExactly("observability");
    }

    @Test
    void aTagReplacesTheVersionOfTheChart() {
        assertThat(pod(Map.of("image.tag", "1.2.3")).at("/containers/0/image").asText())
                .isEqualTo("writeprobe:1.2.3");
    }

    /// Without it, a new policy would wait for the next restart of each pod.
    @Test
    void aConfigurationOfOnesOwnReplacesTheShippedOneAndStartsARollout() {
        List<JsonNode> own = render(Map.of("config.policy.fail-on", "low"));

        assertThat(single(own, "ConfigMap").at("/data/writeprobe.yml").asText())
                .isEqualTo("policy:\n  fail-on: low\n");
        assertThat(checksum(own)).isNotEqualTo(checksum(render(Map.of())));
    }

    private static JsonNode checksum(List<JsonNode> chart) {
        return single(chart, "DaemonSet").at("/spec/template/metadata/annotations").get(CHECKSUM);
    }

    @Test
    void theNetworkPolicyCanBeLeftOut() {
        assertThat(Manifests.kinds(render(Map.of("networkPolicy.enabled", "false"))))
                .doesNotContain("NetworkPolicy");
    }

    @ParameterizedTest
    @CsvSource({
        "socket, x, socket",
        "sockets[0], /run/containerd/containerd.sock, /sockets/0",
        "image.pullPolicy, Sometimes, /image/pullPolicy",
        "image.digest, sha256:1, /image/digest",
        "podMonitor.interval, 5m, /podMonitor/interval",
        "podMonitor.enabled, yes, /podMonitor/enabled",
        "tolerations[0].operater, Exists, operater",
        "config.policy.fail-on, severe, /config/policy/fail-on",
        "config.polizy.fail-on, low, polizy",
        "createNamespace, true, the namespace of the release exists already"
    })
    void aWrongValueIsNamed(String value, String wrong, String message) {
        assertThatThrownBy(() -> render(Map.of(value, wrong))).hasMessageContaining(message);
    }

    @Test
    void theVersionIsTheProjects() throws IOException {
        JsonNode chart = Deployed.tree("config/helm/writeprobe/Chart.yaml");

        String version =
                Deployed.text("pom.xml")
                        .replaceAll("(?s).*?\n    <version>([0-9.]+)(-SNAPSHOT)?<.*", "$1");
        assertThat(chart.get("version").asText()).isEqualTo(version);
        assertThat(chart.get("appVersion").asText()).isEqualTo(version);
    }

    @Test
    void theSchemaOfTheConfigurationIsTheAgents() throws IOException {
        Path file = CHART.resolve("values.schema.json");
        ObjectNode schema = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode expected = schema.deepCopy();
        ObjectNode agents = (ObjectNode) Deployed.tree("config/writeprobe.schema.json").deepCopy();
        ObjectNode definitions = (ObjectNode) expected.get("$defs");
        definitions.setAll((ObjectNode) agents.remove("$defs"));
        agents.remove("$schema");
        ((ObjectNode) expected.get("properties")).set("config", agents);

        if (Boolean.getBoolean("golden.update")) {
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            Files.writeString(file, JSON.writer(printer).writeValueAsString(expected) + "\n");
        } else {
            assertThat(schema).isEqualTo(expected);
        }
    }
}
