package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The manifests that `kubectl apply -k config/kubernetes` sends.
class KubernetesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode single(String kind) {
        return Manifests.single(Manifests.ofKustomization(), kind);
    }

    @Test
    void kubernetesKnowsEveryField() throws Exception {
        List<JsonNode> manifests = Manifests.ofKustomization();
        assertThat(Manifests.kinds(manifests))
                .containsExactlyInAnyOrder(
                        "Namespace", "ServiceAccount", "ConfigMap", "DaemonSet", "NetworkPolicy");
        for (JsonNode manifest : manifests) {
            Manifests.readStrictly(manifest);
        }
        Manifests.readStrictly(Deployed.tree("config/kubernetes/podmonitor.yml"));
        Manifests.readStrictly(Deployed.tree(PrometheusRuleFile.PATH));
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

        assertThatThrownBy(() -> Manifests.readStrictly(broken))
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
        // Nothing of the node is mounted.
        assertThat(pod.get("volumes").valueStream()).noneMatch(v -> v.has("hostPath"));
        assertThat(pod.get("containers")).hasSize(1);
        JsonNode context = pod.at("/containers/0/securityContext");
        assertThat(context.get("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(context.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.get("privileged").asBoolean(true)).isFalse();
        assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(Manifests.texts(context.at("/capabilities/drop"))).containsExactly("ALL");
        // Those of the level procfs, and no others.
        assertThat(Manifests.texts(context.at("/capabilities/add")))
                .containsExactlyElementsOf(
                        Manifests.texts(
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
        assertThat(Manifests.texts(container.get("args"))).endsWith(":9714");
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
                .isEqualTo(Files.readString(Manifests.KUSTOMIZATION.resolve("policy.yml")));
        assertThat(pod.at("/volumes/0/configMap/name").asText())
                .isEqualTo(map.at("/metadata/name").asText())
                .matches("writeprobe-[0-9a-z]{10}");
        assertThat(Manifests.texts(pod.at("/containers/0/args")))
                .contains(
                        pod.at("/containers/0/volumeMounts/0/mountPath").asText()
                                + "/writeprobe.yml");
    }

    /// kubectl 1.20 calls a directory among the resources a base.
    @Test
    void theKustomizationOfThePageTakesOursForItsBase(@TempDir Path own) throws Exception {
        Matcher block =
                Pattern.compile("(?s)<!-- yaml: kustomization -->\n```yaml\n(.*?)```")
                        .matcher(Deployed.text("docs/kubernetes.md"));
        assertThat(block.find()).isTrue();
        String ours = own.toRealPath().relativize(Manifests.KUSTOMIZATION.toRealPath()).toString();
        Files.writeString(
                own.resolve("kustomization.yaml"),
                block.group(1).replaceFirst("resources: \\[.*]", "bases: [" + ours + "]"));
        Files.writeString(own.resolve("writeprobe.yml"), "policy: {fail-on: low}\n");

        List<JsonNode> built = Manifests.kustomize(own);
        JsonNode pod = Manifests.single(built, "DaemonSet").at("/spec/template/spec");
        assertThat(pod.at("/containers/0/image").asText())
                .isEqualTo("registry.example/writeprobe:0.1.0");
        JsonNode map = Manifests.single(built, "ConfigMap");
        assertThat(map.get("data").properties())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.getValue().asText()).isEqualTo("policy: {fail-on: low}\n"));
        assertThat(pod.at("/volumes/0/configMap/name")).isEqualTo(map.at("/metadata/name"));
    }
}
