package io.github.writeprobe.recommend.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class KubernetesFormatTest {
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

    @TempDir Path scratch;

    private static List<JsonNode> documents(String name) {
        String text = SampleRecommendations.text(new KubernetesFormat(), name);
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setBufferSize(text.length() + 1)
                        .build();
        List<JsonNode> documents = new ArrayList<>();
        new Load(settings)
                .loadAllFromString(text)
                .forEach(d -> documents.add(STRICT.valueToTree(d)));
        return documents;
    }

    /// As the API server reads it: every field is one of its kind, and has the right type.
    @ParameterizedTest
    @ValueSource(strings = {"web", "pods", "mounts", "hostile"})
    void kubernetesKnowsEveryField(String name) throws Exception {
        for (JsonNode document : documents(name)) {
            Class<?> type =
                    switch (document.path("kind").asText()) {
                        case "Deployment" -> Deployment.class;
                        case "StatefulSet" -> StatefulSet.class;
                        case "PersistentVolumeClaim" -> PersistentVolumeClaim.class;
                        default -> throw new AssertionError(document.path("kind"));
                    };
            STRICT.treeToValue(document, type);
        }
    }

    /// A claim with a filesystem of its own has a `lost+found`.
    @Test
    void aClaimIsMountedByADirectoryInIt() {
        JsonNode api = documents("pods").getFirst().at("/spec/template/spec/containers/1");
        assertThat(api.path("name").asText()).isEqualTo("api");
        assertThat(
                        api.path("volumeMounts")
                                .valueStream()
                                .filter(m -> m.path("mountPath").asText().equals("/app/uploads"))
                                .map(m -> m.path("subPath").asText()))
                .containsExactly("uploads");
    }

    @Test
    void onlyAClaimThatHidesFilesHasAnInitContainer() {
        assertThat(documents("pods").getFirst().at("/spec/template/spec/initContainers"))
                .singleElement()
                .satisfies(init -> {
                    assertThat(init.path("name").asText()).isEqualTo("api-volumes");
                    assertThat(init.path("image").asText())
                            .isEqualTo("registry.example/shop/api:2");
                });
        assertThat(documents("web").getFirst().at("/spec/template/spec").has("initContainers"))
                .isFalse();
    }

    @Test
    void theImagesFilesAreCopiedOnce() throws Exception {
        Path image = Files.createDirectories(scratch.resolve("image"));
        Files.writeString(Files.createDirectories(image.resolve("sub")).resolve("file"), "x");
        Files.writeString(image.resolve(".hidden"), "x");
        Files.createSymbolicLink(image.resolve("dangling"), Path.of("nowhere"));
        Path claim = Files.createDirectories(scratch.resolve("claim"));

        runInitContainer(image, claim);
        assertThat(claim.resolve("sub/file")).hasContent("x");
        assertThat(claim.resolve(".hidden")).hasContent("x");
        assertThat(Files.readSymbolicLink(claim.resolve("dangling"))).isEqualTo(Path.of("nowhere"));

        Files.delete(claim.resolve("sub/file"));
        Files.writeString(claim.resolve(".hidden"), "own");
        runInitContainer(image, claim);
        assertThat(claim.resolve("sub/file")).doesNotExist();
        assertThat(claim.resolve(".hidden")).hasContent("own");
    }

    /// Runs its command with other directories.
    private static void runInitContainer(Path image, Path claim)
            throws IOException, InterruptedException {
        JsonNode init = documents("pods").getFirst().at("/spec/template/spec/initContainers/0");
        List<String> command =
                init.path("command")
                        .valueStream()
                        // Kubernetes reads two dollar signs as one.
                        .map(argument -> argument.asText().replace("$$", "$"))
                        .map(argument ->
                                argument.replace("/app/uploads", image.toString())
                                        .replace("/volume-1", claim.toString()))
                        .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
