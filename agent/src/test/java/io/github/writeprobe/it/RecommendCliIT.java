package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a user gets after a mistake or an interruption, and for containers that behave badly.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RecommendCliIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// A running `recommend`. It reacts to Ctrl-C even if the tests run in the background.
    private static final class Running {
        private final Process process;
        private final Path out;

        Running(String... args) throws Exception {
            out = lab.directory("out").resolve("out-" + System.nanoTime());
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
            command.addAll(Lab.command(args));
            process =
                    new ProcessBuilder(command)
                            .redirectOutput(out.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        }

        void kill(String signal) {
            Lab.run(Map.of(), List.of("kill", "-s", signal, Long.toString(process.pid())));
        }

        boolean isAlive() {
            return process.isAlive();
        }

        int code() throws InterruptedException {
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends")
                    .isTrue();
            return process.exitValue();
        }

        /// Whether it watches writes: then it has an open fanotify group.
        boolean isWatching() {
            Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
            return Lab.run(
                                    Map.of(),
                                    List.of(
                                            "sh",
                                            "-c",
                                            "ls -l $0 | grep -q fanotify",
                                            descriptors.toString()))
                            .code()
                    == 0;
        }

        String out() throws Exception {
            return Files.readString(out, UTF_8);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            RunningAgent.pause(Duration.ofMillis(50));
        }
    }

    /// A container that writes one file ten times a second, and another file once at its start.
    private static String writer(String... options) {
        return lab.start(
                lab.image(Lab.Image.BUSYBOX),
                List.of(
                        "sh",
                        "-c",
                        "mkdir -p /srv/spool; echo x >/srv/spool/first; while :; do echo x"
                                + " >/tmp/beat; sleep 0.1; done"),
                options);
    }

    /// Clones of a container, identified by a variable in their environment.
    private static List<String> clones(String mark) {
        return lab.docker("ps", "-aq", "--filter", "label=writeprobe.helper")
                .lines()
                .filter(id -> environment(id).contains("MARK=" + mark))
                .toList();
    }

    private static String environment(String id) {
        return Lab.run(lab.environment(), List.of("docker", "inspect", "-f", "{{.Config.Env}}", id))
                .out();
    }

    private static JsonNode singleProposal(String json) throws Exception {
        JsonNode proposals = JSON.readTree(json).path("proposals");
        assertThat(proposals).hasSize(1);
        return proposals.get(0);
    }

    private static List<String> paths(JsonNode proposal) {
        return StreamSupport.stream(proposal.path("provisions").spliterator(), false)
                .map(p -> p.path("path").asText())
                .toList();
    }

    @ConcurrentTest
    void interruptWhileObservingPrintsWhatWasLearned() throws Exception {
        String container = writer();
        Running run = new Running("recommend", container, "--observe", "1h", "--format", "json");
        await("it watches", run::isWatching);
        RunningAgent.pause(Duration.ofSeconds(1));
        run.kill("INT");
        assertThat(run.code()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).contains("/srv/spool", "/tmp");
        assertThat(proposal.path("watchedSeconds").asDouble()).isBetween(0.5, 30.0);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"INT, 3", "TERM, 143"})
    void signalDuringProofRemovesClones(String signal, int code) throws Exception {
        String mark = signal.toLowerCase(java.util.Locale.ROOT) + System.nanoTime();
        String container = writer("-e", "MARK=" + mark);
        Running run =
                new Running(
                        "recommend", container, "--observe", "0s", "--prove", "--format", "json");
        await("there is a clone", () -> !clones(mark).isEmpty());
        run.kill(signal);
        assertThat(run.code()).isEqualTo(code);
        assertThat(clones(mark)).isEmpty();
        if (signal.equals("INT")) {
            JsonNode proof = singleProposal(run.out()).path("proof");
            assertThat(proof.path("outcome").asText()).isEqualTo("undecided");
            assertThat(proof.path("reason").asText()).contains("was stopped");
        }
        assertThat(lab.docker("inspect", "-f", "{{.State.Running}}", container)).contains("true");
    }

    @ConcurrentTest
    void secondInterruptEndsItAtOnceAndRemovesClones() throws Exception {
        String mark = "twice" + System.nanoTime();
        String container = writer("-e", "MARK=" + mark);
        Running run = new Running("recommend", container, "--observe", "0s", "--prove");
        await("there is a clone", () -> !clones(mark).isEmpty());
        // Several signals at once may be delivered as one.
        while (run.isAlive()) {
            run.kill("INT");
            RunningAgent.pause(Duration.ofMillis(20));
        }
        assertThat(run.code()).isEqualTo(130);
        assertThat(clones(mark)).isEmpty();
        assertThat(run.out()).isEmpty();
    }

    @Tag("long")
    @ConcurrentTest
    void aProofByACommandReportsWhatItProved() throws Exception {
        String container = writer();
        Lab.Run run =
                lab.writeprobe(
                        "recommend",
                        container,
                        "--observe",
                        "1s",
                        "--prove",
                        "--exercise",
                        "docker exec $WRITEPROBE_CONTAINER sh -c 'mkdir -p /srv/late && echo y"
                                + " >/srv/late/file'",
                        "--format",
                        "json");
        JsonNode proposal = singleProposal(run.out());
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(proposal.path("proof").path("outcome").asText()).isEqualTo("proved");
        assertThat(proposal.path("proof").path("exercise").asText()).isEqualTo("command");
        assertThat(proposal.path("proof").path("missed").findValuesAsText("path"))
                .containsExactly("/srv/late/file");
        assertThat(paths(proposal)).contains("/srv/late");
    }

    /// A file with a new name at every start, in the root directory itself, on which nothing can be
    /// mounted.
    @Tag("long")
    @ConcurrentTest
    void aServiceThatCannotDoWithoutItsRootFilesystemIsRefuted() throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "echo x >/state-$$ || exit 7; exec sleep 3600"));
        Lab.Run run = lab.writeprobe("recommend", container, "--observe", "0s", "--prove");
        assertThat(run.code()).as(run.output()).isEqualTo(1);
        assertThat(run.out()).contains("Proof: refuted");
    }

    @ConcurrentTest
    void aContainerThatDoesNotRunIsJudgedByWhatItLeft() throws Exception {
        String container = writer();
        await("it has written", () -> lab.docker("diff", container).contains("/srv/spool/first"));
        lab.docker("kill", container);
        Lab.Run run = lab.writeprobe("recommend", container, "--format", "json");
        assertThat(run.code()).as(run.output()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).contains("/srv/spool", "/tmp");
        assertThat(proposal.path("shortfalls").findValuesAsText("why"))
                .anyMatch(reason -> reason.contains("not running"));
    }

    /// It never lives long enough to be watched, and its diff is empty.
    @Tag("long")
    @ConcurrentTest
    void aRestartLoopNamesInItsLogWhatItCouldNotWrite() throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "echo $$ >/run/app.pid || exit 1; exec sleep 3600"),
                        "--read-only",
                        "--restart=always");
        await(
                "it restarts",
                () ->
                        !lab.docker("inspect", "-f", "{{.RestartCount}}", container)
                                .strip()
                                .equals("0"));
        Lab.Run run = lab.writeprobe("recommend", container, "--observe", "1s", "--format", "json");
        assertThat(run.code()).as(run.output()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).containsExactly("/run");
        assertThat(proposal.path("provisions").findValuesAsText("source")).contains("log");
        assertThat(proposal.path("notes").toString()).contains("--prove");
    }

    /// Engines mount secrets of Swarm services without declaring them.
    @ConcurrentTest
    void whatOnlyAnEntryScriptOrTheEngineChangedNeedsNoMount() throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "chown -R 1000 /home /etc; exec sleep 3600"));
        lab.exec(container, "mkdir /etc/tls");
        String pid = lab.docker("inspect", "-f", "{{.State.Pid}}", container).strip();
        Lab.Run mount =
                Lab.run(
                        Map.of(),
                        List.of(
                                "nsenter",
                                "-t",
                                pid,
                                "-m",
                                "mount",
                                "-t",
                                "tmpfs",
                                "tmpfs",
                                "/etc/tls"));
        assertThat(mount.code()).as(mount.output()).isZero();
        await("owners are changed", () -> lab.docker("diff", container).contains("C /etc/passwd"));
        Lab.Run run = lab.writeprobe("recommend", container, "--observe", "1s", "--format", "json");
        assertThat(run.code()).as(run.output()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).isEmpty();
        assertThat(proposal.path("notes").toString()).contains("owner", "/etc/passwd");
    }

    @ConcurrentTest
    void ofAContainerThatNeverRanNothingCanBeLearned() {
        String container = lab.create(Lab.Image.BUSYBOX);
        Lab.Run run = lab.writeprobe("recommend", container);
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("no evidence of what container " + container);
    }

    @ConcurrentTest
    void aContainerThatDiesWhileItIsWatchedIsStillReported() throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of("sh", "-c", "mkdir -p /opt/app; exec sleep 3600"));
        Running run = new Running("recommend", container, "--observe", "1h", "--format", "json");
        await("it watches", run::isWatching);
        lab.docker("exec", container, "sh", "-c", "echo x >/opt/app/late");
        lab.docker("kill", container);
        assertThat(run.code()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).contains("/opt/app");
        assertThat(proposal.path("shortfalls").findValuesAsText("why"))
                .anyMatch(reason -> reason.contains("ended"));
    }

    @ConcurrentTest
    void aContainerThatIsRemovedWhileItIsWatchedIsReportedByWhatWasSeen() throws Exception {
        String container = writer();
        Running run = new Running("recommend", container, "--observe", "1h", "--format", "json");
        await("it watches", run::isWatching);
        RunningAgent.pause(Duration.ofSeconds(1));
        lab.docker("rm", "-f", container);
        assertThat(run.code()).isZero();
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).contains("/tmp");
        assertThat(proposal.path("shortfalls").findValuesAsText("source")).contains("diff");
    }

    @Tag("long")
    @ConcurrentTest
    void namesWithNewlinesAndQuotesComeOutAsOneLine() throws Exception {
        String container =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of(
                                "sh",
                                "-c",
                                "mkdir -p \"$(printf '/srv/a\\n"
                                        + "      - /etc:/etc\\nb')\" '/srv/it'\"'\"'s \"$HOME\"'; while"
                                        + " :; do echo x >\"$(printf '/srv/a\\n"
                                        + "      - /etc:/etc\\nb/f')\"; echo x >'/srv/it'\"'\"'s"
                                        + " \"$HOME\"/f'; sleep 0.1; done"));
        for (String format : List.of("compose", "run", "swarm", "kubernetes")) {
            Lab.Run run =
                    lab.writeprobe("recommend", container, "--observe", "1s", "--format", format);
            assertThat(run.code()).as(run.output()).isZero();
            assertThat(run.out().lines())
                    .as(format)
                    .noneMatch(l -> l.strip().equals("- /etc:/etc"));
        }
    }

    /// As fast as a shell can, without running out of inodes. The kernel's queue holds 16,384
    /// events.
    @Tag("long")
    @ConcurrentTest
    void aContainerThatWritesWithoutEndIsWatchedInBoundedTimeAndPlace() throws Exception {
        String image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "flood",
                        "printf 'i=0\\nwhile :; do\\n"
                                + " i=$((i+1))\\n"
                                + " : >/flood/$((i%%500))/$((i%%100000))\\ndone\\n' >$tree/flood.sh");
        String container =
                lab.start(
                        image,
                        List.of(
                                "sh",
                                "-c",
                                "mkdir /flood; i=0; while [ $i -lt 500 ]; do mkdir /flood/$i;"
                                        + " i=$((i+1)); done; for n in 1 2 3 4; do sh /flood.sh & done;"
                                        + " wait"),
                        "--tmpfs",
                        "/flood:size=64m,nr_inodes=200000");
        long from = System.nanoTime();
        Lab.Run run = lab.writeprobe("recommend", container, "--observe", "5s", "--format", "json");
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        lab.docker("kill", container);
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(took).isLessThan(Duration.ofSeconds(60));
        assertThat(run.out().length()).isLessThan(100_000);
        JsonNode proposal = singleProposal(run.out());
        assertThat(paths(proposal)).containsExactly("/flood");
    }

    @ConcurrentTest
    void anEngineThatDoesNotAnswerIsReportedAndTheOtherOneIsUsed() {
        Lab.Run none = lab.writeprobe("recommend", "web", "--host", "unix:///no/such.sock");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.out()).isEmpty();
        assertThat(none.err().lines()).singleElement().asString().contains("/no/such.sock");
        String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
        String container = writer();
        Lab.Run one =
                lab.writeprobe(
                        "recommend",
                        container,
                        "--observe",
                        "0s",
                        "--host",
                        "unix:///no/such.sock",
                        "--host",
                        host);
        assertThat(one.code()).isEqualTo(3);
        assertThat(one.err()).contains("/no/such.sock");
        assertThat(one.out()).contains(container);
    }

    @ConcurrentTest
    void whatIsAskedForHasToBeThere() {
        Lab.Run unknown = lab.writeprobe("recommend", "no-such-container-anywhere");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no container no-such-container-anywhere on");
        Lab.Run project = lab.writeprobe("recommend", "--compose-project", "no-such-project");
        assertThat(project.code()).isEqualTo(2);
        assertThat(project.err()).contains("no-such-project");
    }
}
