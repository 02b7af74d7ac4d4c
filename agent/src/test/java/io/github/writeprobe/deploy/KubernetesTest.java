package io.github.writeprobe.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The manifests that `kubectl apply -k config/kubernetes` sends. kubectl reads them into the types
/// of Kubernetes and writes them again: what it does not know is gone then, and what is of the
/// wrong type it refuses.
class KubernetesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper STRICT =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .setAnnotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                @Override
                                public Boolean hasAnySetter(Annotated setter) {
                                    return false;
                                }
                            });
    private static final Path DIRECTORY = Path.of("..", "config", "kubernetes");

    private static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(text)
                .forEach(d -> documents.add(JSON.valueToTree(d)));
        return documents;
    }

    private static List<JsonNode> manifests() {
        return documents(kubectl("kustomize", DIRECTORY.toString()));
    }

    private static JsonNode single(String kind) {
        return single(manifests(), kind);
    }

    private static JsonNode single(List<JsonNode> manifests, String kind) {
        List<JsonNode> found =
                manifests.stream().filter(m -> m.get("kind").asText().equals(kind)).toList();
        assertThat(found).as(kind).hasSize(1);
        return found.getFirst();
    }

    /// Reads it into the type of its kind, which has a field for all that there is.
    private static void read(JsonNode manifest) throws IOException {
        Class<?> type =
                switch (manifest.get("kind").asText()) {
                    case "Namespace" -> Namespace.class;
                    case "ServiceAccount" -> ServiceAccount.class;
                    case "ConfigMap" -> ConfigMap.class;
                    case "DaemonSet" -> DaemonSet.class;
                    case "NetworkPolicy" -> NetworkPolicy.class;
                    default -> throw new AssertionError(manifest.get("kind"));
                };
        STRICT.treeToValue(manifest, type);
    }

    @Test
    void kubernetesKnowsEveryField() throws Exception {
        List<JsonNode> manifests = manifests();
        assertThat(manifests.stream().map(m -> m.get("kind").asText()))
                .containsExactlyInAnyOrder(
                        "Namespace", "ServiceAccount", "ConfigMap", "DaemonSet", "NetworkPolicy");
        for (JsonNode manifest : manifests) {
            read(manifest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "readOnlyRootFilesystem, readonlyRootfs",
        "hostPID, hostPid",
        "maxUnavailable, mostUnavailable",
        "httpGet, http",
        "mountPath, path"
    })
    void aFieldThatDoesNotExistIsFound(String right, String wrong) throws Exception {
        JsonNode set = single("DaemonSet");
        assertThat(set.toString()).contains('"' + right + '"');
        JsonNode broken =
                JSON.readTree(set.toString().replace('"' + right + '"', '"' + wrong + '"'));

        assertThatThrownBy(() -> read(broken))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining('"' + wrong + '"');
    }

    @Test
    void theAgentHasNoMoreRightsThanItNeeds() {
        JsonNode pod = single("DaemonSet").at("/spec/template/spec");
        assertThat(pod.get("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(single("ServiceAccount").get("automountServiceAccountToken").asBoolean(true))
                .isFalse();
        assertThat(pod.get("hostPID").asBoolean()).isTrue();
        assertThat(pod.has("hostNetwork") || pod.has("hostIPC")).isFalse();
        assertThat(pod.get("containers")).hasSize(1);
        JsonNode context = pod.at("/containers/0/securityContext");
        assertThat(context.get("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(context.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.get("privileged").asBoolean(true)).isFalse();
        assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(texts(context.at("/capabilities/drop"))).containsExactly("ALL");
        // Those of the level procfs, and no others.
        assertThat(texts(context.at("/capabilities/add")))
                .containsExactlyElementsOf(
                        texts(
                                Deployed.tree("config/compose.yml")
                                        .at("/services/writeprobe-procfs/cap_add")));
        assertThat(pod.at("/containers/0/volumeMounts").valueStream())
                .allMatch(m -> m.path("readOnly").asBoolean());
    }

    @Test
    void theProbesAskWhatTheAgentAnswers() {
        JsonNode container = single("DaemonSet").at("/spec/template/spec/containers/0");
        for (String probe : List.of("startupProbe", "livenessProbe")) {
            assertThat(container.at("/" + probe + "/httpGet/path").asText())
                    .isEqualTo("/-/healthy");
        }
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/-/ready");
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(9714);
        assertThat(texts(container.get("args"))).endsWith(":9714");
    }

    /// What selects the agents selects these, and nothing else is in their way.
    @Test
    void selectorsAndPortNamesMatchTheDaemonSet() {
        JsonNode labels = single("DaemonSet").at("/spec/template/metadata/labels");
        for (JsonNode selector :
                List.of(
                        single("DaemonSet").at("/spec/selector/matchLabels"),
                        single("NetworkPolicy").at("/spec/podSelector/matchLabels"),
                        Deployed.tree("config/kubernetes/podmonitor.yml")
                                .at("/spec/selector/matchLabels"))) {
            assertThat(selector).isNotEmpty();
            assertThat(labels.properties()).containsAll(selector.properties());
        }
        assertThat(
                        Deployed.tree("config/kubernetes/prometheus.yml")
                                .at("/scrape_configs/0/kubernetes_sd_configs/0/selectors/0/label")
                                .asText())
                .isEqualTo(
                        "app.kubernetes.io/name=" + labels.get("app.kubernetes.io/name").asText());
        assertThat(
                        Deployed.tree("config/kubernetes/podmonitor.yml")
                                .at("/spec/podMetricsEndpoints/0/port")
                                .asText())
                .isEqualTo(
                        single("DaemonSet")
                                .at("/spec/template/spec/containers/0/ports/0/name")
                                .asText());
    }

    @Test
    void theConfigMapIsThePolicyWhereTheAgentReadsIt() throws Exception {
        JsonNode map = single("ConfigMap");
        JsonNode pod = single("DaemonSet").at("/spec/template/spec");
        assertThat(map.at("/data/writeprobe.yml").asText())
                .isEqualTo(Files.readString(DIRECTORY.resolve("policy.yml")));
        assertThat(pod.at("/volumes/1/configMap/name").asText())
                .isEqualTo(map.at("/metadata/name").asText())
                .matches("writeprobe-[0-9a-z]{10}");
        assertThat(texts(pod.at("/containers/0/args")))
                .contains(
                        pod.at("/containers/0/volumeMounts/1/mountPath").asText()
                                + "/writeprobe.yml");
    }

    /// kubectl 1.20 calls a directory among the resources a base.
    @Test
    void theKustomizationOfThePageTakesOursForItsBase(@TempDir Path own) throws Exception {
        Matcher block =
                Pattern.compile("(?s)<!-- yaml: kustomization -->\n```yaml\n(.*?)```")
                        .matcher(Deployed.text("docs/fleet.md"));
        assertThat(block.find()).isTrue();
        String ours = own.toRealPath().relativize(DIRECTORY.toRealPath()).toString();
        Files.writeString(
                own.resolve("kustomization.yaml"),
                block.group(1).replaceFirst("resources: \\[.*]", "bases: [" + ours + "]"));
        Files.writeString(own.resolve("writeprobe.yml"), "policy: {fail-on: low}\n");

        List<JsonNode> built = documents(kubectl("kustomize", own.toString()));
        JsonNode pod = single(built, "DaemonSet").at("/spec/template/spec");
        assertThat(pod.at("/containers/0/image").asText())
                .isEqualTo("registry.example/writeprobe:0.1.0");
        JsonNode map = single(built, "ConfigMap");
        assertThat(map.get("data").properties())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.getValue().asText()).isEqualTo("policy: {fail-on: low}\n"));
        assertThat(pod.at("/volumes/1/configMap/name")).isEqualTo(map.at("/metadata/name"));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static String kubectl(String... args) {
        try {
            Process process =
                    new ProcessBuilder(
                                    Stream.concat(Stream.of("kubectl"), Stream.of(args)).toList())
                            .redirectErrorStream(true)
                            .start();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            process.getInputStream().transferTo(out);
            String text = out.toString(UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
