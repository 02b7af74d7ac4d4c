package io.github.writeprobe.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Manifests of Kubernetes.
final class Manifests {
    static final Path KUSTOMIZATION = Path.of("..", "config", "kubernetes");

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

    private Manifests() {}

    /// What `kubectl apply -k config/kubernetes` sends.
    static List<JsonNode> ofKustomization() {
        return kustomize(KUSTOMIZATION);
    }

    /// kubectl reads manifests into the types of Kubernetes and writes them again: what it does not
    /// know is gone then, and what is of the wrong type it refuses.
    static List<JsonNode> kustomize(Path directory) {
        return documents(kubectl("kustomize", directory.toString()));
    }

    static List<JsonNode> documents(String text) {
        return StreamSupport.stream(
                        new Load(LoadSettings.builder().build())
                                .loadAllFromString(text)
                                .spliterator(),
                        false)
                .filter(Objects::nonNull)
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }

    static List<String> kinds(List<JsonNode> manifests) {
        return manifests.stream().map(m -> m.get("kind").asText()).toList();
    }

    static JsonNode single(List<JsonNode> manifests, String kind) {
        List<JsonNode> found =
                manifests.stream().filter(m -> m.get("kind").asText().equals(kind)).toList();
        assertThat(found).as(kind).hasSize(1);
        return found.getFirst();
    }

    /// Reads it into the type of its kind, which has a field for all that there is.
    static void readStrictly(JsonNode manifest) throws IOException {
        Class<?> type =
                switch (manifest.get("kind").asText()) {
                    case "Namespace" -> Namespace.class;
                    case "ServiceAccount" -> ServiceAccount.class;
                    case "ConfigMap" -> ConfigMap.class;
                    case "DaemonSet" -> DaemonSet.class;
                    case "NetworkPolicy" -> NetworkPolicy.class;
                    case "PodMonitor" -> PodMonitor.class;
                    case "PrometheusRule" -> PrometheusRule.class;
                    default -> throw new AssertionError(manifest.get("kind"));
                };
        STRICT.treeToValue(manifest, type);
    }

    static List<String> texts(JsonNode list) {
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
