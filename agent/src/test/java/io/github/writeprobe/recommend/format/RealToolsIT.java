package io.github.writeprobe.recommend.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.writeprobe.it.Lab;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Feeds proposals to the programs that they are written for.
class RealToolsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A user's Compose file with everything that the proposal is merged with.
    private static final String SHOP =
            """
            version: "3.7"
            services:
              web:
                image: nginx:1.27
                ports: ["80:80"]
                tmpfs: /var/run/other
                volumes: ["/etc/shop/site.conf:/etc/nginx/conf.d/site.conf:ro"]
              api:
                image: registry.example/shop/api:2
                environment:
                  - ASPNETCORE_URLS=http://+:8080
                  - JAVA_TOOL_OPTIONS=-Dprice=$$5
                tmpfs: ["/var/cache/app:size=1m"]
              db:
                image: postgres:17
                volumes: [data:/var/lib/postgresql/data]
            volumes:
              data: {}
            """;

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: nginx
                    image: nginx:1.27
                    volumeMounts: [{name: site, mountPath: /etc/nginx/conf.d}]
                  - name: api
                    image: registry.example/shop/api:2
                    env: [{name: ASPNETCORE_URLS, value: "http://+:8080"}]
                  volumes: [{name: site, configMap: {name: site}}]
            """;

    private static final String VALIDATE_TASK =
            """
            import json, sys, botocore.loaders, botocore.model, botocore.validate
            api = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model('ecs', 'service-2'))
            shape = api.operation_model('RegisterTaskDefinition').input_shape
            task = json.load(open(sys.argv[1]))
            print(botocore.validate.ParamValidator().validate(task, shape).generate_report())
            """;

    @AutoClose private static Lab lab;

    @TempDir Path scratch;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @Test
    void composeMergesItWithTheUsersFile() throws Exception {
        JsonNode services =
                compose(SHOP, SampleRecommendations.text(new ComposeFormat(), "shop"))
                        .get("services");

        assertThat(texts(services.at("/web/tmpfs")))
                .containsExactly(
                        "/var/run/other",
                        "/run:mode=755,uid=0,gid=0,size=16m,noexec",
                        "/srv/plugins:mode=755,uid=101,gid=101,size=16m,exec",
                        "/var/cache/nginx:mode=755,uid=101,gid=101,size=16m,noexec");
        assertThat(texts(services.at("/web/volumes"))).hasSize(1);
        assertThat(texts(services.at("/api/volumes")))
                .containsExactly("api-app-uploads:/app/uploads:rw");
        assertThat(texts(services.at("/api/tmpfs")))
                .containsExactly(
                        "/var/cache/app:size=1m", "/tmp:mode=1777,uid=0,gid=0,size=64m,exec");
        assertThat(services.at("/api/environment/JAVA_TOOL_OPTIONS").asText())
                .isEqualTo("-Dprice=$$5 -XX:-UsePerfData");
        assertThat(services.at("/api/environment/ASPNETCORE_URLS").asText())
                .isEqualTo("http://+:8080");
        assertThat(services.at("/api/environment/DOTNET_EnableDiagnostics").asText())
                .isEqualTo("0");
        assertThat(texts(services.at("/db/volumes")))
                .containsExactly("data:/var/lib/postgresql/data:rw");
        assertThat(services).allSatisfy(s -> assertThat(s.get("read_only").asBoolean()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "web", "hostile"})
    void composeTakesItByItself(String name) throws Exception {
        String text = SampleRecommendations.text(new ComposeFormat(), name);
        // The name of this image is not valid, so the proposal does not contain it.
        String image =
                "services: {\"%s\": {image: x}}\n"
                        .formatted(yaml(text).get("services").fieldNames().next());
        JsonNode all = compose(image, text);
        JsonNode service = all.get("services").elements().next();
        assertThat(texts(service.path("tmpfs")).stream().map(t -> t.replace("$$", "$")))
                .containsAll(
                        expected(name, Tmpfs.class)
                                .filter(t -> TmpfsOptions.canExpress(t.path()))
                                .filter(t -> !OmissionComment.isGarbled(t.path()))
                                .map(TmpfsOptions::of)
                                .toList());
        assertThat(all.path("volumes").size())
                .isEqualTo(
                        (int)
                                expected(name, Volume.class)
                                        .filter(v -> !OmissionComment.isGarbled(v.path()))
                                        .filter(v -> ComposeMount.inexpressible(v.path()).isEmpty())
                                        .count());
    }

    @Test
    void kubernetesMergesItWithTheUsersWorkload() throws Exception {
        String text = SampleRecommendations.text(new KubernetesFormat(), "pods");
        String patch = text.substring(0, text.indexOf("---\n"));
        JsonNode pod = patched(DEPLOYMENT, patch).at("/spec/template/spec");

        assertThat(texts(pod.findValues("mountPath")))
                .containsExactlyInAnyOrder(
                        "/etc/nginx/conf.d",
                        "/run",
                        "/srv/plugins",
                        "/var/cache/nginx",
                        "/tmp",
                        "/app/uploads",
                        "/volume-1");
        assertThat(texts(pod.findValues("readOnlyRootFilesystem")))
                .containsExactly("true", "true", "true");
        assertThat(texts(pod.findValues("sizeLimit")))
                .containsExactlyInAnyOrder("16Mi", "16Mi", "16Mi", "64Mi");
        assertThat(texts(pod.findValues("claimName"))).containsExactly("api-app-uploads");
        assertThat(texts(pod.findValues("image"))).hasSize(3);
        assertThat(pod.at("/initContainers/0/name").asText()).isEqualTo("api-volumes");
        assertThat(pod.at("/securityContext/fsGroup").asInt()).isEqualTo(1000);
        assertThat(pod.at("/containers").findValuesAsText("name"))
                .contains("ASPNETCORE_URLS", "DOTNET_EnableDiagnostics");
    }

    /// As `aws ecs register-task-definition --cli-input-json` does before it calls ECS: types,
    /// required fields, and no field that ECS does not know.
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "web", "shop", "shared", "mounts", "hostile"})
    void theAwsCommandLineTakesTheTaskDefinition(String name) throws Exception {
        Path file =
                Files.writeString(
                        scratch.resolve("task.json"),
                        SampleRecommendations.text(new EcsTaskDefinitionFormat(), name));
        assertThat(run("/usr/bin/python3", "-c", VALIDATE_TASK, file.toString())).isBlank();
        Path wrong =
                Files.writeString(
                        scratch.resolve("wrong.json"),
                        Files.readString(file).replace("readonlyRoot", "readOnlyRoot"));
        assertThat(run("/usr/bin/python3", "-c", VALIDATE_TASK, wrong.toString()))
                .contains(
                        "Unknown parameter in containerDefinitions[0]: \"readOnlyRootFilesystem\"");
    }

    @Test
    void kubernetesKnowsEveryFieldOfAClaim() throws Exception {
        String claim =
                Stream.of(
                                SampleRecommendations.text(new KubernetesFormat(), "pods")
                                        .split("---\n", -1))
                        .filter(d -> d.contains("kind: PersistentVolumeClaim"))
                        .findFirst()
                        .orElseThrow();
        Path file = Files.writeString(scratch.resolve("claim.yaml"), claim);
        JsonNode known =
                JSON.readTree(
                        run(
                                "kubectl",
                                "annotate",
                                "--local",
                                "-o",
                                "json",
                                "-f",
                                file.toString(),
                                "a=b"));
        assertThat(known.at("/spec/accessModes/0").asText()).isEqualTo("ReadWriteOnce");
        assertThat(known.at("/spec/resources/requests/storage").asText()).isEqualTo("1Gi");
    }

    /// Without the paths of several thousand characters, on which the kernel cannot mount.
    @Test
    void theEngineTakesWhatTheScriptGivesIt() throws Exception {
        List<String> paths =
                SampleRecommendations.PATHS.stream().filter(p -> p.length() < 200).toList();
        String text =
                SampleRecommendations.text(
                        new DockerRunFormat(), SampleRecommendations.hostile(paths));
        Path script = Files.writeString(scratch.resolve("run.sh"), text);
        String name = "wp-real-tools-" + ProcessHandle.current().pid();
        List<String> volumes = new ArrayList<>();
        try {
            run(
                    "sh",
                    script.toString(),
                    "--name",
                    name,
                    "--label",
                    lab.label(),
                    "--network",
                    "none",
                    "-d",
                    lab.image(Lab.Image.BUSYBOX),
                    "sleep",
                    "60");
            JsonNode inspected = JSON.readTree(run("docker", "inspect", name)).get(0);
            assertThat(inspected.at("/HostConfig/ReadonlyRootfs").asBoolean()).isTrue();
            assertThat(inspected.at("/State/Running").asBoolean()).isTrue();
            List<String> tmpfs = new ArrayList<>();
            inspected.at("/HostConfig/Tmpfs").fieldNames().forEachRemaining(tmpfs::add);
            assertThat(tmpfs)
                    .containsExactlyInAnyOrderElementsOf(
                            paths.stream()
                                    .filter(p ->
                                            ShellText.isPrintable(p)
                                                    && !OmissionComment.isGarbled(p))
                                    .map(p -> p + "/t")
                                    .filter(TmpfsOptions::canExpress)
                                    .toList());
            inspected.at("/Mounts").forEach(m -> volumes.add(m.path("Name").asText("")));
            assertThat(texts(inspected.at("/Mounts").findValues("Destination")))
                    .containsExactlyInAnyOrderElementsOf(
                            paths.stream()
                                    .filter(p ->
                                            ShellText.isPrintable(p)
                                                    && !OmissionComment.isGarbled(p))
                                    .map(p -> p + "/v")
                                    .toList());
        } finally {
            run("docker", "rm", "-f", name);
            volumes.forEach(v -> run("docker", "volume", "rm", v));
        }
    }

    private static <T extends ProposalItem> Stream<T> expected(String name, Class<T> kind) {
        return SampleRecommendations.named(name).stream()
                .map(Recommendation::proposal)
                .flatMap(p -> p.provisions().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private static List<String> texts(Iterable<JsonNode> values) {
        List<String> texts = new ArrayList<>();
        values.forEach(v -> texts.add(v.asText()));
        return texts;
    }

    /// The output of `docker-compose config` for a file and its override files.
    private JsonNode compose(String... files) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker-compose"));
        for (int i = 0; i < files.length; i++) {
            Path file = Files.writeString(scratch.resolve(i + ".yml"), files[i]);
            command.addAll(List.of("-f", file.toString()));
        }
        command.add("config");
        // SnakeYAML Engine does not know this escape of YAML.
        return yaml(run(command.toArray(String[]::new)).replace("\\L", "\\u2028"));
    }

    private JsonNode patched(String workload, String patch) throws IOException {
        Path file = Files.writeString(scratch.resolve("workload.yaml"), workload);
        return yaml(
                run(
                        "kubectl",
                        "patch",
                        "--local",
                        "--type",
                        "strategic",
                        "-o",
                        "yaml",
                        "-f",
                        file.toString(),
                        "-p",
                        patch));
    }

    private static JsonNode yaml(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setBufferSize(text.length() + 1)
                        .build();
        return JSON.valueToTree(new Load(settings).loadFromString(text));
    }

    private static String run(String... command) {
        try {
            Path err = Files.createTempFile("real-tools", ".err");
            Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String output = Files.readString(err);
            Files.delete(err);
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return out;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
