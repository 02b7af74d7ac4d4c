package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.parallel.ResourceAccessMode.READ;

import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import io.github.writeprobe.recommend.prove.CloneExerciser;
import io.github.writeprobe.recommend.prove.ProofCoverage;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.recommend.prove.ProofResult.Outcome;
import io.github.writeprobe.recommend.prove.Prover;
import io.github.writeprobe.recommend.prove.ShellExercise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Proposals are proved on a real engine, and nothing is left behind.
class ProverIT {
    private static final Duration TOTAL = Duration.ofSeconds(60);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final List<ProposalItemEvidence> SEEN =
            List.of(new ProposalItemEvidence(WriteEvidenceSource.DIFF, "seen"));

    /// A lock for tests that inspect all clones of the engine.
    private static final String CLONES = "clones";

    private static Lab lab;
    private static Engine connected;

    private static List<String> before = List.of();
    private final List<String> progress = new ArrayList<>();

    @BeforeAll
    static void open() throws Exception {
        lab = Lab.open();
        connected =
                DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
        before = CloneLeftovers.of(lab);
    }

    @AfterAll
    static void nothingIsLeft() {
        assertThat(CloneLeftovers.of(lab)).isEqualTo(before);
        connected.close();
        lab.close();
    }

    private static ProposalItem tmpfs(String path) {
        return new ProposalItem.Tmpfs(path, 1 << 20, 01777, 0, 0, false, SEEN);
    }

    private static Proposal proposal(ProposalTarget subject, ProposalItem... provisions) {
        return new Proposal(subject, List.of(provisions), List.of(), Duration.ZERO, List.of());
    }

    /// A tmpfs for /run, and for the directory of every file that the proof reports as missed.
    private static Proposal improved(ProposalInput observed) {
        return proposal(
                observed.subject(),
                Stream.concat(
                                Stream.of("/run/x"),
                                observed.missed().stream().map(WrittenFile::path))
                        .map(path -> path.replaceFirst("/[^/]*$", ""))
                        .distinct()
                        .map(ProverIT::tmpfs)
                        .toArray(ProposalItem[]::new));
    }

    private static Prover.Trial trial(String container, ProposalItem... provisions)
            throws Exception {
        ProposalTarget subject =
                connected
                        .ability(RecommendEngine.class)
                        .orElseThrow()
                        .subject(container)
                        .orElseThrow();
        return new Prover.Trial(
                new ProposalInput(
                        subject,
                        List.of(),
                        List.of(),
                        List.of(),
                        connected
                                .ability(RecommendEngine.class)
                                .orElseThrow()
                                .files(subject.container().id()),
                        Duration.ZERO,
                        List.of(),
                        List.of()),
                proposal(subject, provisions));
    }

    private Prover prover(Optional<CloneExerciser> exerciser, Duration total) {
        return new Prover(
                connected.ability(CloneEnvironmentFactory.class).orElseThrow(),
                ProverIT::improved,
                exerciser,
                Prover.CloneChecks.NONE,
                new Prover.Limits(total, SETTLING, 64 << 20),
                progress::add);
    }

    private ProofResult prove(String container, ProposalItem... provisions) throws Exception {
        return prover(Optional.empty(), TOTAL)
                .prove(List.of(trial(container, provisions)))
                .getFirst();
    }

    private static String service(String script, String... options) {
        return lab.start(lab.image(Lab.Image.BUSYBOX), List.of("sh", "-c", script), options);
    }

    @Tag("long")
    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void whatWasMissedIsFoundAndProved() throws Exception {
        String container = service("echo $$ >/run/pid && echo x >/home/y && exec sleep 600");
        ProofResult proof = prove(container, tmpfs("/run"));
        assertThat(proof.outcome()).as(proof.toString()).isEqualTo(Outcome.PROVED);
        assertThat(proof.missed()).extracting(WrittenFile::path).containsExactly("/home/y");
        assertThat(proof.proposal().provisions()).contains(tmpfs("/home"));
        assertThat(proof.exercised()).isGreaterThanOrEqualTo(SETTLING.multipliedBy(2));
        assertThat(proof.differences()).isEmpty();
    }

    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void aServiceThatNeedsMoreThanWasSeenIsRefutedByItsOwnLog() throws Exception {
        String container =
                service(
                        "echo x >/tmp/y; touch /p && rm /p || { echo x >/usr/z || exit 3; }; exec"
                                + " sleep 600");
        ProofResult proof =
                new Prover(
                                connected.ability(CloneEnvironmentFactory.class).orElseThrow(),
                                observed -> proposal(observed.subject(), tmpfs("/tmp")),
                                Optional.empty(),
                                Prover.CloneChecks.NONE,
                                new Prover.Limits(TOTAL, SETTLING, 0),
                                progress::add)
                        .prove(List.of(trial(container, tmpfs("/tmp"))))
                        .getFirst();
        assertThat(proof.outcome()).as(proof.toString()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("exited with code 3", "Read-only file system");
        assertThat(proof.missed()).extracting(WrittenFile::path).containsExactly("/p", "/usr/z");
        assertThat(proof.log()).isNotEmpty();
    }

    /// A database with a health check, an exercise that queries it from the host, and a restart in
    /// between.
    @Tag("long")
    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void anExerciseReachesACloneByItsAddressAndByTheEngine() throws Exception {
        String volume = lab.volume();
        String container =
                service(
                        "mkdir -p /run/www && echo $$ >/run/www/pid && ln -sf /data /run/www/data"
                                + " && exec httpd -f -p 8080 -h /run/www",
                        "-v",
                        volume + ":/data",
                        "--health-cmd",
                        "wget -q -O /dev/null http://127.0.0.1:8080/pid",
                        "--health-interval",
                        "30s");
        lab.exec(container, "echo kept >/data/kept");
        Path log = lab.directory("exercise").resolve("log");
        String command =
                """
                set -e
                curl -sf -m 5 "http://$WRITEPROBE_ADDRESS:8080/data/kept" >>LOG
                docker exec "$WRITEPROBE_CONTAINER" sh -c 'echo more >>/data/more; cat /data/more' >>LOG
                echo "$WRITEPROBE_ORIGINAL" >>LOG
                """
                        .replace("LOG", log.toString());
        ProofResult proof =
                prover(Optional.of(new ShellExercise(command)), TOTAL)
                        .prove(List.of(trial(container, tmpfs("/run"))))
                        .getFirst();
        assertThat(proof.outcome()).as(proof.toString()).isEqualTo(Outcome.PROVED);
        assertThat(proof.exercise()).isEqualTo(ProofResult.Exercise.COMMAND);
        assertThat(Files.readString(log))
                .isEqualTo(
                        "kept\nmore\nNAME\nkept\nmore\nmore\nNAME\nkept\nmore\nmore\nmore\nNAME\n"
                                .replace("NAME", container));
        assertThat(lab.exec(container, "ls /data")).isEqualTo("kept\n");
        assertThat(proof.coverage().orElseThrow().phases())
                .extracting(ProofCoverage.Phase::name, ProofCoverage.Phase::written)
                .contains(
                        tuple(
                                ProofCoverage.PhaseName.EXERCISE,
                                new ProofCoverage.Written.Paths(List.of("/data/more"), 1)),
                        tuple(
                                ProofCoverage.PhaseName.STOP,
                                new ProofCoverage.Written.Paths(List.of(), 0)),
                        tuple(
                                ProofCoverage.PhaseName.SECOND_EXERCISE,
                                new ProofCoverage.Written.Paths(List.of("/data/more"), 1)));
    }

    @Tag("long")
    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void anExerciseThatIsWrongOrTakesTooLongProvesNothing() throws Exception {
        String container = service("exec sleep 600");
        for (String wrong : List.of("echo no such thing; exit 7", "sleep 600")) {
            ProofResult proof =
                    prover(Optional.of(new ShellExercise(wrong)), Duration.ofSeconds(24))
                            .prove(List.of(trial(container)))
                            .getFirst();
            assertThat(proof.outcome()).as(proof.toString()).isEqualTo(Outcome.UNDECIDED);
        }
    }

    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void aCloneThatCannotRunIsUndecidedWithAReason() throws Exception {
        List<String> reasons = new ArrayList<>();
        String network = "wp-" + lab.label().replaceFirst(".*=", "");
        lab.docker(
                "network",
                "create",
                "--internal",
                "--subnet",
                "10.213.7.0/24",
                "--label",
                lab.label(),
                network);
        try {
            String device =
                    service(
                            "exec 3</dev/special && exec sleep 600",
                            "--device",
                            "/dev/zero:/dev/special");
            String address =
                    lab.docker(
                                    "run",
                                    "-d",
                                    "--label",
                                    lab.label(),
                                    "--network",
                                    network,
                                    "--ip",
                                    "10.213.7.9",
                                    lab.image(Lab.Image.BUSYBOX),
                                    "httpd",
                                    "-f",
                                    "-p",
                                    "10.213.7.9:80")
                            .strip();
            lab.docker(
                    "run",
                    "-d",
                    "--label",
                    lab.label(),
                    "--network",
                    network,
                    "--name",
                    network + "-db",
                    lab.image(Lab.Image.BUSYBOX),
                    "sleep",
                    "600");
            String needy =
                    lab.docker(
                                    "run",
                                    "-d",
                                    "--label",
                                    lab.label(),
                                    "--network",
                                    network,
                                    lab.image(Lab.Image.BUSYBOX),
                                    "sh",
                                    "-c",
                                    "wget -q http://%s-db:1/ 2>&1 | tee /dev/stderr | grep refused || exit 4; exec sleep 600"
                                            .formatted(network))
                            .strip();
            ProofResult fixed = prove(address);
            assertThat(fixed.outcome()).isEqualTo(Outcome.UNDECIDED);
            assertThat(fixed.reason()).contains("exited with code 1");
            assertThat(fixed.differences())
                    .contains("it has the fixed address 10.213.7.9, and its clones have others");
            ProofResult special = prove(device);
            assertThat(special.outcome()).as(special.toString()).isEqualTo(Outcome.UNDECIDED);
            assertThat(special.differences())
                    .contains("it has the device /dev/zero, and its clones do not");
            // The lookup of a name that does not exist takes a while.
            ProofResult withoutDb =
                    new Prover(
                                    connected.ability(CloneEnvironmentFactory.class).orElseThrow(),
                                    ProverIT::improved,
                                    Optional.empty(),
                                    Prover.CloneChecks.NONE,
                                    new Prover.Limits(TOTAL, Duration.ofSeconds(12), 0),
                                    progress::add)
                            .prove(List.of(trial(needy)))
                            .getFirst();
            assertThat(withoutDb.outcome()).as(withoutDb.toString()).isEqualTo(Outcome.UNDECIDED);
            assertThat(withoutDb.reason())
                    .contains(
                            "exited with code 4",
                            "a host name that it needs could not be resolved");
            assertThat(withoutDb.differences()).anyMatch(d -> d.contains(network + "-db"));
            for (ProofResult proof : List.of(fixed, special, withoutDb)) {
                reasons.add(proof.reason());
                assertThat(proof.log()).isNotEmpty();
            }
        } finally {
            Lab.run(
                    lab.environment(),
                    List.of(
                            "sh",
                            "-c",
                            "docker rm -f $(docker ps -aq --filter network=$0); docker network rm"
                                    + " $0",
                            network));
        }
        assertThat(reasons)
                .allMatch(reason -> reason.startsWith("even a writable clone did not run"));
    }

    @Tag("long")
    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void aCloneThatIsNeverHealthyIsWaitedForAWhile() throws Exception {
        String container =
                service("exec sleep 600", "--health-cmd", "false", "--health-start-period", "600s");
        long start = System.nanoTime();
        ProofResult proof =
                prover(Optional.empty(), Duration.ofSeconds(16))
                        .prove(List.of(trial(container)))
                        .getFirst();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).contains("it was not healthy within 8 s");
    }

    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void aJobAndAServiceThatDiesAtOnceAreDistinguished() throws Exception {
        String job = lab.create(Lab.Image.BUSYBOX, "--entrypoint", "/bin/true");
        assertThat(prove(job).outcome()).isEqualTo(Outcome.PROVED);
        String marker = lab.directory("once").toString();
        String service =
                service(
                        "[ ! -e /once/ran ] || exit 0; touch /once/ran; exec sleep 600",
                        "-v",
                        marker + ":/once");
        Thread.sleep(6000);
        ProofResult proof = prove(service);
        assertThat(proof.outcome()).as(proof.toString()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).contains("although the original still runs");
    }

    @Tag("long")
    @ConcurrentTest
    @ResourceLock(value = CLONES, mode = READ)
    void containersOfOneProjectFindEachOther() throws Exception {
        String project = "com.docker.compose.project=" + lab.label().replaceFirst(".*=", "");
        String network = "wp2-" + lab.label().replaceFirst(".*=", "");
        lab.docker("network", "create", "--internal", "--label", lab.label(), network);
        try {
            String db =
                    lab.docker(
                                    "run",
                                    "-d",
                                    "--label",
                                    lab.label(),
                                    "--label",
                                    project,
                                    "--network",
                                    network,
                                    "--network-alias",
                                    "db",
                                    lab.image(Lab.Image.BUSYBOX),
                                    "sh",
                                    "-c",
                                    "sleep 1; mkdir -p /run/d; echo data >/run/d/x; exec httpd -f"
                                            + " -p 80 -h /run/d")
                            .strip();
            String web =
                    lab.docker(
                                    "run",
                                    "-d",
                                    "--label",
                                    lab.label(),
                                    "--label",
                                    project,
                                    "--network",
                                    network,
                                    lab.image(Lab.Image.BUSYBOX),
                                    "sh",
                                    "-c",
                                    "wget -q -O /tmp/x http://db/x || exit 1; exec sleep 600",
                                    "--restart",
                                    "always")
                            .strip();
            Thread.sleep(1500);
            lab.docker("start", web);
            List<ProofResult> proofs =
                    prover(Optional.empty(), TOTAL)
                            .prove(List.of(trial(web, tmpfs("/tmp")), trial(db, tmpfs("/run"))));
            assertThat(proofs)
                    .as(proofs.toString())
                    .extracting(ProofResult::outcome)
                    .containsOnly(Outcome.PROVED);
        } finally {
            Lab.run(
                    lab.environment(),
                    List.of(
                            "sh",
                            "-c",
                            "docker rm -f $(docker ps -aq --filter network=$0); docker network rm"
                                    + " $0",
                            network));
        }
    }

    @ConcurrentTest
    @ResourceLock(CLONES)
    void anInterruptRemovesEverythingSoon() throws Exception {
        String volume = lab.volume();
        String container = service("exec sleep 600", "-v", volume + ":/data");
        Prover.Trial trial = trial(container);
        for (int delay : new int[] {5, 20, 35, 50, 75, 100, 200, 400, 1500, 3500}) {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread prover =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    prover(Optional.empty(), TOTAL).prove(List.of(trial));
                                    interrupted.complete(false);
                                } catch (InterruptedException e) {
                                    interrupted.complete(true);
                                } catch (Throwable e) {
                                    interrupted.completeExceptionally(e);
                                }
                            });
            Thread.sleep(delay);
            prover.interrupt();
            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(CloneLeftovers.of(lab))
                    .as("after " + delay)
                    .isEqualTo(Stream.concat(before.stream(), Stream.of()).toList());
        }
        assertThat(
                        Arrays.asList(
                                lab.docker("inspect", "-f", "{{.State.Running}}", container)
                                        .strip()))
                .containsExactly("true");
    }
}
