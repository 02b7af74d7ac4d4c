package io.github.writeprobe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The workflow that makes a release runs scripts that are there.
class ReleaseWorkflowTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SCRIPT = Pattern.compile("(?:^| )(bin/[a-z0-9-]+)");

    private static JsonNode jobs() throws IOException {
        String text = Files.readString(ROOT.resolve(".github/workflows/release.yml"));
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
        return new ObjectMapper().valueToTree(Objects.requireNonNull(tree)).path("jobs");
    }

    private static List<String> commands() throws IOException {
        return jobs().findValues("run").stream().map(JsonNode::asText).toList();
    }

    @Test
    void itsScriptsCanBeRun() throws IOException {
        assertThat(
                        commands().stream()
                                .flatMap(run -> SCRIPT.matcher(run).results())
                                .map(script -> script.group(1)))
                .contains("bin/verify", "bin/release", "bin/image")
                .allSatisfy(script -> assertThat(ROOT.resolve(script)).isExecutable());
    }

    @Test
    void theImageIsMadeForEachProcessorAndThenForAll() throws IOException {
        Stream<String> processors =
                jobs().at("/build/strategy/matrix/include")
                        .valueStream()
                        .map(each -> each.path("processor").asText());

        assertThat(processors)
                .containsExactly("amd64", "arm64")
                .allSatisfy(processor ->
                        assertThat(String.join("\n", commands()))
                                .contains("\"$IMAGE-" + processor + "\""));
    }

    @Test
    void checksumsAreThoseOfAllPackages(@TempDir Path dist) throws Exception {
        for (String file :
                List.of("writeprobe_1_amd64.deb", "writeprobe_1_arm64.deb", "THIRD-PARTY.txt")) {
            Files.writeString(dist.resolve(file), file);
        }

        Process release =
                new ProcessBuilder(
                                ROOT.resolve("bin/release").toString(),
                                "--checksums",
                                dist.toString())
                        .inheritIO()
                        .start();

        assertThat(release.waitFor()).isZero();
        assertThat(dist.resolve("SHA256SUMS")).content().hasLineCount(3).contains("_arm64.deb");
    }
}
