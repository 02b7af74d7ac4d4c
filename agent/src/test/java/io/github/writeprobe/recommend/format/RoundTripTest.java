package io.github.writeprobe.recommend.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.text.UntrustedText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Parsed back, an output contains what was proposed, whatever the paths are. What cannot be
/// written is reported in a comment.
class RoundTripTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"web", "shop", "hostile"})
    void compose(String name) {
        String text = SampleRecommendations.text(new ComposeFormat(), name);
        JsonNode services = documents(text).getFirst().get("services");
        List<String> found = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        for (JsonNode service : services) {
            service.path("tmpfs").forEach(t -> found.add(unescaped(t)));
            service.path("volumes").forEach(v -> targets.add(target(v)));
        }
        assertThat(found)
                .containsAll(
                        expected(name, Tmpfs.class)
                                .filter(t -> TmpfsOptions.canExpress(t.path()))
                                .filter(t -> !OmissionComment.isGarbled(t.path()))
                                .map(TmpfsOptions::of)
                                .toList());
        assertThat(targets)
                .containsAll(
                        expected(name, Volume.class)
                                .map(Volume::path)
                                .filter(p -> !OmissionComment.isGarbled(p))
                                .filter(p -> ComposeMount.inexpressible(p).isEmpty())
                                .toList());
        expected(name, Volume.class)
                .map(Volume::path)
                .filter(p -> ComposeMount.inexpressible(p).isPresent())
                .forEach(p ->
                        assertThat(unwrapped(text))
                                .contains(
                                        "NOT INCLUDED: a volume on " + UntrustedText.clip(p, 100)));
        expected(name, Tmpfs.class)
                .filter(t -> !TmpfsOptions.canExpress(t.path()))
                .forEach(t ->
                        assertThat(unwrapped(text))
                                .contains(
                                        "NOT INCLUDED: a tmpfs on "
                                                + UntrustedText.clip(t.path(), 100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "pods", "hostile"})
    void kubernetes(String name) {
        String text = SampleRecommendations.text(new KubernetesFormat(), name);
        List<String> mounts = new ArrayList<>();
        List<String> volumes = new ArrayList<>();
        for (JsonNode document : documents(text)) {
            JsonNode pod = document.at("/spec/template/spec");
            for (JsonNode container : pod.path("containers")) {
                container
                        .path("volumeMounts")
                        .forEach(m -> mounts.add(m.get("mountPath").asText()));
            }
            pod.path("volumes").forEach(v -> volumes.add(v.get("name").asText()));
        }
        assertThat(mounts)
                .containsAll(
                        Stream.concat(
                                        expected(name, Tmpfs.class).map(Tmpfs::path),
                                        expected(name, Volume.class).map(Volume::path))
                                .filter(p -> p.indexOf(':') < 0 && isExpressible(p))
                                .toList());
        assertThat(volumes).allMatch(v -> v.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "web", "hostile"})
    void run(String name) throws Exception {
        List<String> arguments =
                execute(
                        SampleRecommendations.text(new DockerRunFormat(), name),
                        List.of("-d", "my image"));
        assertThat(arguments).startsWith("run", "--read-only").endsWith("-d", "my image");
        assertThat(valuesOf("--tmpfs", arguments))
                .isEqualTo(
                        expected(name, Tmpfs.class)
                                .filter(t ->
                                        TmpfsOptions.canExpress(t.path())
                                                && isExpressible(t.path()))
                                .map(TmpfsOptions::of)
                                .toList());
        assertThat(valuesOf("--env", arguments))
                .isEqualTo(
                        expected(name, Setting.class)
                                .map(s -> s.variable() + "=" + s.value())
                                .filter(ShellText::isPrintable)
                                .toList());
        assertThat(valuesOf("--mount", arguments))
                .hasSize(
                        (int)
                                expected(name, Volume.class)
                                        .filter(v -> isExpressible(v.path()))
                                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "swarm", "hostile"})
    void swarm(String name) throws Exception {
        List<String> arguments =
                execute(SampleRecommendations.text(new SwarmFormat(), name), List.of("--detach"));
        assertThat(arguments).startsWith("service").contains("--read-only", "--detach");
        assertThat(arguments.stream().filter(a -> a.startsWith("type=")))
                .hasSize(
                        (int)
                                (expected(name, Volume.class)
                                                .filter(v -> isExpressible(v.path()))
                                                .count()
                                        + expected(name, Tmpfs.class)
                                                .filter(t -> isExpressible(t.path()))
                                                .count()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "api", "nobody", ""})
    void aScriptOfSeveralRunsTheOneThatIsNamed(String name) throws Exception {
        String script =
                SampleRecommendations.text(
                        new DockerRunFormat(),
                        List.of(
                                SampleRecommendations.unproved(
                                        SampleRecommendations.web().proposal()),
                                SampleRecommendations.unproved(
                                        SampleRecommendations.api().proposal())));
        List<String> arguments =
                execute(script, name.isEmpty() ? List.of() : List.of(name, "image"));
        switch (name) {
            case "web" ->
                    assertThat(arguments)
                            .anyMatch(a -> a.startsWith("/var/cache/nginx:"))
                            .endsWith("image");
            case "api" -> assertThat(arguments).contains("DOTNET_EnableDiagnostics=0");
            default -> assertThat(arguments).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "shop", "swarm", "hostile"})
    void noCommentIsEverEnded(String name) {
        for (ProposalFormat format :
                List.of(
                        new ComposeFormat(),
                        new DockerRunFormat(),
                        new SwarmFormat(),
                        new KubernetesFormat())) {
            String text = SampleRecommendations.text(format, name);
            assertThat(text.lines()).allMatch(line -> UntrustedText.escape(line).equals(line));
            assertThat(text).doesNotContain("\r").endsWith("\n");
        }
    }

    private static boolean isExpressible(String path) {
        return ShellText.isPrintable(path) && !OmissionComment.isGarbled(path);
    }

    private static <T extends ProposalItem> Stream<T> expected(String name, Class<T> kind) {
        return SampleRecommendations.named(name).stream()
                .map(Recommendation::proposal)
                .flatMap(p -> p.provisions().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private static String unwrapped(String text) {
        return text.replaceAll("\n *# *", " ");
    }

    /// The arguments with which a script calls docker.
    private List<String> execute(String script, List<String> arguments) throws Exception {
        Path docker = scratch.resolve("docker");
        Path out = scratch.resolve("out");
        Files.writeString(docker, "#!/bin/sh\nprintf '%s\\0' \"$@\" >'" + out + "'\n");
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.deleteIfExists(out);
        Path file = Files.writeString(scratch.resolve("script"), script);
        List<String> command = new ArrayList<>(List.of("sh", "-u", file.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", scratch + ":" + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        if (!Files.exists(out)) {
            assertThat(output).startsWith("the first argument has to be one of: ");
            return List.of();
        }
        assertThat(output).isEmpty();
        String all = Files.readString(out);
        return List.of(all.substring(0, all.length() - 1).split("\0", -1));
    }

    private static List<String> valuesOf(String option, List<String> arguments) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < arguments.size() - 1; i++) {
            if (arguments.get(i).equals(option)) {
                values.add(arguments.get(i + 1));
            }
        }
        return values;
    }

    private static List<JsonNode> documents(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        // The reader fails if its buffer ends within a character.
                        .setBufferSize(text.length() + 1)
                        .build();
        List<JsonNode> all = new ArrayList<>();
        new Load(settings).loadAllFromString(text).forEach(d -> all.add(JSON.valueToTree(d)));
        return all;
    }

    /// Compose reads two dollar signs as one.
    private static String unescaped(JsonNode text) {
        return text.asText().replace("$$", "$");
    }

    private static String target(JsonNode volume) {
        return volume.isTextual()
                ? unescaped(volume).split(":", -1)[1]
                : unescaped(volume.get("target"));
    }
}
