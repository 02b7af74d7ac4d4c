package io.github.writeprobe.recommend.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares whole outputs with one golden file for each case and format. `-Dgolden.update=true`
/// rewrites them; read them before you commit them.
class GoldenProposalsTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/io/github/writeprobe/recommend/format").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({
        "none.compose.yml",
        "nothing.compose.yml",
        "web.compose.yml",
        "shop.compose.yml",
        "uploads.compose.yml",
        "shared.compose.yml",
        "mounts.compose.yml",
        "hostile.compose.yml",
        "none.run.sh",
        "nothing.run.sh",
        "web.run.sh",
        "shop.run.sh",
        "uploads.run.sh",
        "shared.run.sh",
        "hostile.run.sh",
        "none.swarm.sh",
        "web.swarm.sh",
        "shop.swarm.sh",
        "swarm.swarm.sh",
        "hostile.swarm.sh",
        "none.kubernetes.yml",
        "nothing.kubernetes.yml",
        "web.kubernetes.yml",
        "pods.kubernetes.yml",
        "mounts.kubernetes.yml",
        "hostile.kubernetes.yml",
        "none.ecs.json",
        "web.ecs.json",
        "shop.ecs.json",
        "shared.ecs.json",
        "mounts.ecs.json",
        "hostile.ecs.json",
        "none.json",
        "web.json",
        "shop.json",
        "mounts.json",
        "hostile.json",
    })
    void outputIsTheGoldenFile(String file) throws IOException {
        int dot = file.indexOf('.');
        String text =
                SampleRecommendations.text(format(file.substring(dot + 1)), file.substring(0, dot));
        Path golden = GOLDEN.resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @Test
    void theDocumentationShowsRealOutput() throws IOException {
        assertThat(Files.readString(Path.of("../docs/recommend.md")))
                .contains(
                        "```yaml\n"
                                + SampleRecommendations.text(new ComposeFormat(), "web")
                                + "```");
    }

    private static ProposalFormat format(String extension) {
        return switch (extension) {
            case "compose.yml" -> new ComposeFormat();
            case "run.sh" -> new DockerRunFormat();
            case "swarm.sh" -> new SwarmFormat();
            case "kubernetes.yml" -> new KubernetesFormat();
            case "ecs.json" -> new EcsTaskDefinitionFormat();
            case "json" -> new ProposalJsonFormat("1.2.3");
            default -> throw new IllegalArgumentException(extension);
        };
    }
}
