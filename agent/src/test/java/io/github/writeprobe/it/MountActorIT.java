package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who changed the mounts of a container, by the shipped agent on the kernel of this machine.
class MountActorIT {
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
    private static final String CONFIGURATION =
            "probe: {interval: 1h, exec-interval: 1h, witness: procfs}\n";

    private static Lab lab;
    private static Path programs;
    private static CProgram program;
    private static RunningAgent agent;
    private static boolean mounted;

    @BeforeAll
    static void open() {
        lab = Lab.open();
        programs = lab.directory("programs");
        program = CProgram.compile("mountcall", programs, "-static");
        if (!Files.isDirectory(TRACEFS.resolve("instances"))) {
            run("mount", "-t", "tracefs", "tracefs", TRACEFS.toString());
            mounted = true;
        }
        agent = RunningAgent.start(lab.environment(), CONFIGURATION);
    }

    @AfterAll
    static void close() {
        agent.close();
        if (mounted) {
            run("umount", "-l", TRACEFS.toString());
        }
        lab.close();
    }

    private static void run(String... command) {
        Lab.Run run = Lab.run(Map.of(), List.of(command));
        if (run.code() != 0) {
            throw new AssertionError(run.output());
        }
    }

    /// A program that has made its call and waits.
    private record Calling(Process process) implements AutoCloseable {
        static Calling start(List<String> command) {
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                String line =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))
                                .readLine();
                assertThat(line).as(command.toString()).isEqualTo("done");
                return new Calling(process);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                process.getOutputStream().close();
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Calling fromHost(String... args) {
        List<String> command = new ArrayList<>(List.of(program.binary().toString()));
        command.addAll(List.of(args));
        return Calling.start(command);
    }

    private static Calling inside(String container, String... args) {
        List<String> command =
                new ArrayList<>(List.of("docker", "exec", "-i", container, "/programs/mountcall"));
        command.addAll(List.of(args));
        return Calling.start(command);
    }

    private static String start(String... options) {
        List<String> all =
                new ArrayList<>(List.of("--read-only", "-v", programs + ":/programs:ro"));
        all.addAll(List.of(options));
        String container = lab.start(Lab.Image.BUSYBOX, all.toArray(String[]::new));
        agent.await("a verdict", () -> !agent.verdicts(container).isEmpty());
        return container;
    }

    private static Optional<JsonNode> finding(RunningAgent from, String container, String kind) {
        try {
            JsonNode report = new JsonMapper().readTree(from.get("/api/v1/report"));
            return stream(report.path("containers"))
                    .filter(c -> c.path("name").asText().equals(container))
                    .flatMap(c -> stream(c.path("findings")))
                    .filter(f -> f.path("kind").asText().equals(kind))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode actor(RunningAgent from, String container, String kind) {
        from.await(kind, () -> finding(from, container, kind).isPresent());
        return finding(from, container, kind).orElseThrow().path("actor");
    }

    private static JsonNode actor(String container, String kind) {
        return actor(agent, container, kind);
    }

    /// It is the only one that is named.
    private static void isMadeBy(JsonNode actor, long pid, String call) {
        assertThat(actor.path("calls")).as(actor.toString()).hasSize(1);
        assertThat(actor.path("calls").path(0).path("pid").asLong()).isEqualTo(pid);
        assertThat(actor.path("calls").path(0).path("call").asText()).isEqualTo(call);
        assertThat(actor.has("doubt")).as(actor.toString()).isFalse();
    }

    @Test
    void aRemountFromTheHostNamesItsCommand() {
        String container = start();
        String pid = Long.toString(lab.pid(container));
        try (Calling caller = fromHost("remount", "/", pid)) {
            JsonNode actor = actor(container, "drift");
            isMadeBy(actor, caller.process().pid(), "mount");
            assertThat(actor.path("origin").asText()).isEqualTo("host");
            assertThat(actor.path("text").asText())
                    .startsWith("remounted writable at ")
                    .contains(program.binary() + " remount / " + pid + "`")
                    .endsWith(", from the host");
            JsonNode call = actor.path("calls").path(0);
            assertThat(call.path("executable").asText()).isEqualTo(program.binary().toString());
            assertThat(stream(call.path("startedBy")).map(p -> p.path("pid").asLong()))
                    .contains(ProcessHandle.current().pid());
        }
        assertThat(
                        agent.hasLogged(e ->
                                e.path("container").asText().equals(container)
                                        && e.path("msg").asText().contains("remounted writable at")
                                        && e.has("actor")))
                .isTrue();
    }

    @Test
    void anExecInTheContainerIsItsOwn() {
        String container = start("--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined");
        try (Calling caller = inside(container, "remount", "/")) {
            assertThat(caller.process().isAlive()).isTrue();
            JsonNode actor = actor(container, "drift");
            assertThat(actor.path("origin").asText())
                    .as(actor.toString())
                    .isEqualTo("own_container");
            assertThat(actor.path("calls").path(0).path("container").asText())
                    .isEqualTo(lab.id(container));
            assertThat(actor.path("text").asText())
                    .contains("`/programs/mountcall remount /`")
                    .endsWith(", in this container");
        }
    }

    @Test
    void anotherContainerIsNamedAndCounted() {
        String container = start();
        String other =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--cap-add",
                        "SYS_ADMIN",
                        "--cap-add",
                        "SYS_PTRACE",
                        "--security-opt",
                        "seccomp=unconfined",
                        "--security-opt",
                        "apparmor=unconfined",
                        "--pid",
                        "host",
                        "-v",
                        programs + ":/programs:ro");
        try (Calling caller = inside(other, "remount", "/", Long.toString(lab.pid(container)))) {
            assertThat(caller.process().isAlive()).isTrue();
            JsonNode actor = actor(container, "drift");
            assertThat(actor.path("origin").asText())
                    .as(actor.toString())
                    .isEqualTo("other_container");
            assertThat(actor.path("text").asText())
                    .endsWith(", from container " + lab.id(other).substring(0, 12));
        }
        assertThat(
                        RunningAgent.value(
                                agent.samples("writeprobe_mount_changes_total", "other_container")
                                        .getFirst()))
                .isPositive();
    }

    @Test
    void theNewMountApiIsSeen() {
        String container = start();
        String pid = Long.toString(lab.pid(container));
        try (Calling caller = fromHost("setattr", "/", pid)) {
            isMadeBy(actor(container, "drift"), caller.process().pid(), "mount_setattr");
        }
        try (Calling caller = fromHost("tree", "/home", pid)) {
            isMadeBy(actor(container, "undeclared"), caller.process().pid(), "move_mount");
        }
    }

    @Test
    void aMountThatIsPropagatedFromTheHostIsTheHosts() throws IOException {
        Path shared = lab.directory("shared");
        run("mount", "--bind", shared.toString(), shared.toString());
        try {
            run("mount", "--make-shared", shared.toString());
            Path below = Files.createDirectory(shared.resolve("below"));
            String container = start("-v", shared + ":/data:rslave");
            try (Calling caller = fromHost("tmpfs", below.toString())) {
                JsonNode actor = actor(container, "undeclared");
                // Whoever mounted on the host at the same time can have made it too.
                assertThat(stream(actor.path("calls")).map(c -> c.path("pid").asLong()))
                        .as(actor.toString())
                        .contains(caller.process().pid());
                assertThat(actor.path("otherMountNamespace").asBoolean()).isTrue();
            }
            run("umount", below.toString());
        } finally {
            run("umount", "-l", shared.toString());
        }
    }

    /// It mounts in a mount namespace of its own, at the same time.
    @Test
    void aProcessInAnotherUserNamespaceIsNotNamed() {
        String container = start("-v", lab.directory("empty") + ":/mnt:ro");
        String pid = Long.toString(lab.pid(container));
        try (Calling _ = fromHost("user", lab.directory("empty").toString());
                Calling caller = fromHost("remount", "/", pid);
                Calling _ = fromHost("user", lab.directory("empty").toString())) {
            isMadeBy(actor(container, "drift"), caller.process().pid(), "mount");
        }
    }

    @Test
    void twoAgentsListenAndTheNextRemovesWhatAKilledOneLeft() throws IOException {
        String container = start();
        List<String> left;
        try (RunningAgent other = RunningAgent.start(lab.environment(), CONFIGURATION)) {
            other.await("a verdict", () -> !other.verdicts(container).isEmpty());
            String pid = Long.toString(lab.pid(container));
            try (Calling caller = fromHost("remount", "/", pid)) {
                isMadeBy(actor(container, "drift"), caller.process().pid(), "mount");
                isMadeBy(actor(other, container, "drift"), caller.process().pid(), "mount");
            }
            assertThat(instances(other.pid())).hasSize(1);
            other.signal("KILL");
            other.awaitExit(Duration.ofSeconds(10));
            left = instances(other.pid());
            assertThat(left).hasSize(1);
        }
        try (RunningAgent next = RunningAgent.start(lab.environment(), CONFIGURATION)) {
            assertThat(instances(next.pid())).hasSize(1);
            assertThat(instances(agent.pid())).hasSize(1);
            assertThat(TRACEFS.resolve("instances").resolve(left.getFirst())).doesNotExist();
            next.signal("TERM");
            next.awaitExit(Duration.ofSeconds(10));
            assertThat(instances(next.pid())).isEmpty();
        }
    }

    private static List<String> instances(long pid) throws IOException {
        try (Stream<Path> all = Files.list(TRACEFS.resolve("instances"))) {
            return all.map(p -> p.getFileName().toString())
                    .filter(name -> name.startsWith("writeprobe-" + pid + "-"))
                    .toList();
        }
    }
}
