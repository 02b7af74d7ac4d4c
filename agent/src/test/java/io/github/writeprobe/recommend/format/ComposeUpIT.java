package io.github.writeprobe.recommend.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.it.Lab;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.observe.ContainerObserver;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.propose.ContainerFixture;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.Proposer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each version of Compose starts what is printed, as printed: `config` alone accepts files that
/// `up` refuses.
class ComposeUpIT {
    private static final String AWAIT_READY =
            "for i in $(seq 100); do [ -e /dev/shm/ready ] && exit; sleep 0.1; done; exit 1";

    private static Lab lab;
    private static Engine engine;

    @TempDir Path scratch;
    private final String project = "wpup" + ProcessHandle.current().pid();
    private final List<String> containers = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private List<String> compose = List.of();

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        engine = DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
    }

    @AfterAll
    static void close() {
        engine.close();
        lab.close();
    }

    @AfterEach
    void down() {
        if (!compose.isEmpty()) {
            run(Stream.concat(compose.stream(), Stream.of("down", "-v", "-t", "0")).toList());
        }
        containers.forEach(container -> run(List.of("docker", "rm", "-fv", container)));
        volumes.forEach(volume -> run(List.of("docker", "volume", "rm", volume)));
    }

    @ParameterizedTest
    @CsvSource({
        "2.40, uploads",
        "2.40, shared",
        "2.40, shop",
        "2.40, web",
        "2.40, nothing",
        "2.40, hostile",
        "2.26, shop",
        "1.29, shop",
    })
    void theFileStartsAsPrinted(String version, String name) throws Exception {
        startAsPrinted(version, name);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "2.26, uploads", "2.26, shared", "2.26, web", "2.26, nothing", "2.26, hostile",
        "1.29, uploads", "1.29, shared", "1.29, web", "1.29, nothing", "1.29, hostile",
    })
    void theFileStartsAsPrintedWithOlderVersions(String version, String name) throws Exception {
        startAsPrinted(version, name);
    }

    private void startAsPrinted(String version, String name) throws Exception {
        List<Recommendation> recommendations =
                name.equals("hostile") ? hostile() : SampleRecommendations.named(name);
        String text =
                SampleRecommendations.text(new ComposeFormat(), recommendations)
                        .replaceAll("image: \"[^\"]*\"", "image: " + lab.image(Lab.Image.BUSYBOX))
                        .replace("/etc/shop/site.conf:", file("site.conf", "") + ":");
        up(version, file("user.yml", usersFile(recommendations, text)), file("proposal.yml", text));

        List<String> started = containers();
        assertThat(started).isNotEmpty();
        for (String container : started) {
            // The health of each: it has written to all its new volumes.
            run(List.of("docker", "exec", container, "sh", "-c", AWAIT_READY));
            assertThat(inspect(container, "{{.State.Running}} {{.HostConfig.ReadonlyRootfs}}"))
                    .isEqualTo("true true");
        }
        // A second time, as after a change of the file.
        up(version, scratch.resolve("user.yml"), scratch.resolve("proposal.yml"));
    }

    /// The service writes to all its new volumes as its user, so it ends at once if it cannot.
    private static String usersFile(List<Recommendation> recommendations, String text) {
        StringBuilder services = new StringBuilder("services:\n");
        for (ServiceProposalItems service :
                ServiceProposalItems.of(
                        recommendations,
                        o -> "",
                        workload -> workload.composeService(),
                        UniqueNames::sanitize)) {
            StringBuilder script = new StringBuilder("set -e; ");
            service.provisionsOf(ProposalItem.Volume.class).stream()
                    .filter(ProposalItem.Volume::needsChown)
                    .filter(volume -> text.contains(":" + volume.path() + "\n"))
                    .forEach(volume ->
                            script.append("touch ").append(volume.path()).append("/file; "));
            ProposalTarget subject = service.recommendations().getFirst().proposal().subject();
            services.append(
                    "  \"%s\":\n    image: %s\n    network_mode: none\n"
                            .formatted(service.name(), lab.image(Lab.Image.BUSYBOX)));
            services.append(
                    "    user: \"%d:%d\"\n"
                            .formatted(subject.uid().orElse(0L), subject.gid().orElse(0L)));
            services.append(
                    "    command: [\"sh\", \"-c\", \"%s touch /dev/shm/ready; exec sleep 1000\"]\n"
                            .formatted(script));
            // What the lists of the proposal are merged with.
            services.append("    tmpfs: /var/user\n    volumes: [\"/var/anonymous\"]\n");
            services.append("    depends_on: [other]\n");
        }
        return services
                + """
                  other:
                    image: %s
                    network_mode: none
                    read_only: true
                    command: ["sh", "-c", "touch /dev/shm/ready; exec sleep 1000"]
                """
                        .formatted(lab.image(Lab.Image.BUSYBOX));
    }

    /// Without the binds, whose sources do not exist, and the paths that are too long for a mount.
    private static List<Recommendation> hostile() {
        List<String> paths =
                SampleRecommendations.PATHS.stream().filter(path -> path.length() < 200).toList();
        Recommendation hostile = SampleRecommendations.hostile(paths).getFirst();
        return List.of(without(ProposalItem.Kept.class, hostile));
    }

    private static Recommendation without(
            Class<? extends ProposalItem> kind, Recommendation recommendation) {
        Proposal proposal = recommendation.proposal();
        return SampleRecommendations.unproved(
                new Proposal(
                        proposal.subject(),
                        proposal.provisions().stream().filter(p -> !kind.isInstance(p)).toList(),
                        proposal.notes(),
                        proposal.watched(),
                        proposal.shortfalls()));
    }

    /// A container that Compose did not create, with each kind of mount that the engine can make.
    @ParameterizedTest
    @ValueSource(strings = {"1.29", "2.26", "2.40"})
    void composeMakesTheMountsThatTheContainerHas(String version) throws Exception {
        String source = Files.createDirectories(scratch.resolve("source")).toString();
        String volume = project + "-data";
        volumes.add(volume);
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--mount=type=bind,src=%s,dst=/a,readonly,bind-propagation=private",
                                "--volume=%s:/b:z",
                                "--mount=type=bind,src=%s,dst=/c,bind-nonrecursive",
                                "--mount=type=volume,src=" + volume + ",dst=/d,volume-nocopy",
                                "--volume=" + volume + ":/e:ro,nocopy",
                                "--mount=type=bind,src=%s,dst=/f:g",
                                "--mount=type=volume,src=" + volume + ",dst=/h:i,volume-nocopy",
                                "--tmpfs=/t:size=1m,mode=1770,uid=3"));
        if (apiIsAtLeast(48)) {
            options.addAll(
                    List.of(
                            "--mount=type=bind,src=%s,dst=/m,readonly,bind-recursive=writable",
                            "--mount=type=bind,src=%s,dst=/n,readonly,bind-recursive=readonly,bind-propagation=rprivate",
                            "--mount=type=volume,src=" + volume + ",dst=/o,volume-subpath=sub",
                            "--mount=type=image,src=" + lab.image(Lab.Image.BUSYBOX) + ",dst=/p"));
        }
        run(docker("--rm", "-v", volume + ":/d", lab.image(Lab.Image.BUSYBOX), "mkdir", "/d/sub"));
        List<String> start = new ArrayList<>(List.of("-d", "--name", project, "--network=none"));
        options.forEach(option -> start.add(option.formatted(source)));
        containers.add(project);
        run(docker(start, lab.image(Lab.Image.BUSYBOX), "sleep", "1000"));
        ProposalTarget original = subject(project);
        List<DeclaredMount> kept =
                original.container().mounts().stream()
                        .filter(mount ->
                                ComposeMount.remarks(mount).stream()
                                        .noneMatch(remark -> remark.contains(version)))
                        .toList();
        assertThat(kept).hasSizeGreaterThanOrEqualTo(6);
        Proposal proposal =
                new Proposal(
                        original,
                        kept.stream()
                                .map(mount ->
                                        (ProposalItem)
                                                new ProposalItem.Kept(mount, false, List.of()))
                                .toList(),
                        List.of(),
                        Duration.ZERO,
                        List.of());
        String text =
                SampleRecommendations.text(
                        new ComposeFormat(), List.of(SampleRecommendations.unproved(proposal)));
        up(
                version,
                file("proposal.yml", text),
                file(
                        "user.yml",
                        "services: {%s: {network_mode: none, command: sleep 1000}}"
                                .formatted(project)));

        assertThat(subject(containers().getFirst()).container().mounts())
                .as(text)
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    /// Compose writes such files into the container before it starts, and refuses to do so if the
    /// service is read-only.
    @ParameterizedTest
    @ValueSource(strings = {"2.26", "2.40"})
    void whatComposeCannotDoInAReadOnlyServiceIsSaid(String version) throws Exception {
        String user =
                """
                services:
                  web:
                    image: %s
                    network_mode: none
                    command: sh -c "sleep 2; echo x >/etc/written; exec sleep 1000"
                    configs: [{source: inline, target: /etc/app/inline.conf}]
                configs: {inline: {content: hello}}
                """
                        .formatted(lab.image(Lab.Image.BUSYBOX));
        up(version, file("user.yml", user));
        RecommendEngine recommendEngine = engine.ability(RecommendEngine.class).orElseThrow();
        TimeUnit.SECONDS.sleep(3);
        try (ContainerObserver observer =
                ContainerObserver.start(recommendEngine, subject(containers().getFirst()), false)) {
            ProposalInput observed = observer.stop();
            assertThat(observed.injected()).containsExactly("/etc/app/inline.conf");
            assertThat(observed.changes()).noneMatch(c -> c.path().startsWith("/etc/app"));
            Proposal proposal = new Proposer(ContainerFixture.SHIPPED).propose(observed);
            assertThat(proposal.notes())
                    .anyMatch(note ->
                            note.startsWith("/etc/app/inline.conf: Compose wrote this")
                                    && note.contains("use file: instead"));
        }
        run(Stream.concat(compose.stream(), Stream.of("down", "-t", "0")).toList());
        Path readOnly = file("read-only.yml", "services: {web: {read_only: true}}");
        Result refused = result(command(version, List.of(scratch.resolve("user.yml"), readOnly)));
        assertThat(refused.code()).isNotZero();
    }

    private static boolean apiIsAtLeast(int minor) {
        String version = run(List.of("docker", "version", "-f", "{{.Server.APIVersion}}")).strip();
        return Integer.parseInt(version.substring(version.indexOf('.') + 1)) >= minor;
    }

    private static List<String> docker(String... arguments) {
        return docker(List.of(), arguments);
    }

    private static List<String> docker(List<String> options, String... arguments) {
        return Stream.of(List.of("docker", "run"), options, List.of(arguments))
                .flatMap(List::stream)
                .toList();
    }

    private static ProposalTarget subject(String container) throws Exception {
        return engine.ability(RecommendEngine.class).orElseThrow().subject(container).orElseThrow();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(scratch.resolve(name), text);
    }

    private void up(String version, Path... files) {
        List<String> command = command(version, List.of(files));
        compose = command.subList(0, command.indexOf("up"));
        run(Stream.concat(compose.stream(), Stream.of("config", "-q")).toList());
        run(command);
    }

    private List<String> command(String version, List<Path> files) {
        List<String> command = new ArrayList<>();
        command.add(
                version.equals("1.29")
                        ? "docker-compose"
                        : run(List.of("../bin/compose", version)).strip());
        command.addAll(List.of("-p", project));
        files.forEach(file -> command.addAll(List.of("-f", file.toString())));
        command.addAll(List.of("up", "-d", "-t", "0"));
        return command;
    }

    /// The containers of the project that run, without those that only prepare volumes.
    private List<String> containers() {
        return run(List.of(
                        "docker",
                        "ps",
                        "-q",
                        "--filter",
                        "label=com.docker.compose.project=" + project))
                .lines()
                .toList();
    }

    private static String inspect(String container, String format) {
        return run(List.of("docker", "inspect", "-f", format, container)).strip();
    }

    private record Result(int code, String out, String err) {}

    private static String run(List<String> command) {
        Result result = result(command);
        assertThat(result.code()).as(command + ": " + result.err()).isZero();
        return result.out();
    }

    private static Result result(List<String> command) {
        try {
            Path err = Files.createTempFile("compose-up", ".err");
            Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            String output = Files.readString(err);
            Files.delete(err);
            return new Result(process.exitValue(), out, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
