package io.github.writeprobe.recommend.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.recommend.prove.Clone.Condition;
import io.github.writeprobe.recommend.prove.Clone.Health;
import io.github.writeprobe.recommend.prove.CloneExerciser.Exercised;
import io.github.writeprobe.recommend.prove.FakeCloneEnvironments.Behaviour;
import io.github.writeprobe.recommend.prove.FakeCloneEnvironments.Setup;
import io.github.writeprobe.recommend.prove.ProofCoverage.Phase;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import io.github.writeprobe.recommend.prove.ProofResult.Exercise;
import io.github.writeprobe.recommend.prove.ProofResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProverTest {
    private static final Duration TOTAL = Duration.ofMinutes(5);
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final List<ProposalItemEvidence> SEEN =
            List.of(new ProposalItemEvidence(WriteEvidenceSource.DIFF, "seen"));

    private final FakeCloneEnvironments cloneEnvironments = new FakeCloneEnvironments();
    private final List<String> progress = new ArrayList<>();
    private Prover.CloneChecks checks = Prover.CloneChecks.NONE;
    private boolean exercised;

    @AfterEach
    void nothingIsLeft() {
        assertThat(cloneEnvironments.alive()).isZero();
    }

    private static ProposalItem.Tmpfs tmpfs(String path) {
        return new ProposalItem.Tmpfs(path, 1 << 20, 0755, 0, 0, false, SEEN);
    }

    /// Proposes a tmpfs for the directory of each missed write.
    private static Proposal improvedProposal(ProposalInput observed) {
        return proposal(
                observed.subject(),
                observed.missed().stream()
                        .map(w -> w.path().replaceFirst("/[^/]*$", ""))
                        .distinct()
                        .sorted()
                        .toArray(String[]::new));
    }

    private static Proposal proposal(ProposalTarget subject, String... tmpfs) {
        List<ProposalItem> provisions = new ArrayList<>();
        for (String path : tmpfs) {
            provisions.add(tmpfs(path));
        }
        return new Proposal(subject, provisions, List.of(), Duration.ZERO, List.of());
    }

    private static Prover.Trial trial(ProposalTarget subject, String... tmpfs) {
        return new Prover.Trial(
                new ProposalInput(
                        subject,
                        List.of(),
                        List.of(),
                        List.of(),
                        FakeCloneEnvironments.FILES,
                        Duration.ZERO,
                        List.of(),
                        List.of()),
                proposal(subject, tmpfs));
    }

    private Prover prover(Function<ProposalInput, Proposal> proposer) {
        return new Prover(
                cloneEnvironments,
                proposer,
                exercised
                        ? Optional.of((environment, limit) ->
                                cloneEnvironments.exercise.apply(environment, limit))
                        : Optional.empty(),
                checks,
                new Prover.Limits(TOTAL, SETTLING, 1 << 20),
                progress::add,
                cloneEnvironments.time);
    }

    private static final ProposalTarget WEB = FakeCloneEnvironments.subject("web", false, Map.of());
    private static final ProposalTarget CHECKED =
            FakeCloneEnvironments.subject("web", true, Map.of());

    private ProofResult prove(ProposalTarget subject, String... tmpfs) throws InterruptedException {
        return prover(ProverTest::improvedProposal)
                .prove(List.of(trial(subject, tmpfs)))
                .getFirst();
    }

    private static FileChange added(String path) {
        return new FileChange(FileChange.Kind.ADDED, path);
    }

    private static WrittenFile missing(String path) {
        return new WrittenFile(path, FileType.REGULAR, false, false, 1, 0, false, Set.of());
    }

    /// The clones would run, but docker compose up would not start the service.
    @Test
    void whatComposeRefusesIsNotProved() throws Exception {
        Prover.Trial trial = trial(WEB, "/run");
        ProposalInput seen = trial.observed();
        ProposalInput observed =
                new ProposalInput(
                        seen.subject(),
                        seen.changes(),
                        seen.written(),
                        seen.missed(),
                        seen.files(),
                        seen.watched(),
                        seen.shortfalls(),
                        List.of("/etc/app.conf"));
        ProofResult proof =
                prover(ProverTest::improvedProposal)
                        .prove(List.of(new Prover.Trial(observed, trial.proposal())))
                        .getFirst();
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason())
                .startsWith("Compose refuses a read-only service with /etc/app.conf");
    }

    private static ProposalItem.Volume volume(String path) {
        return new ProposalItem.Volume(
                path, "data", true, ProposalItem.Volume.InImage.CONTENT, 0755, 0, 0, SEEN);
    }

    private ProofResult proveWithVolume(Function<ProposalInput, Proposal> proposer)
            throws InterruptedException {
        Prover.Trial empty = trial(WEB);
        Proposal proposal =
                new Proposal(WEB, List.of(volume("/data")), List.of(), Duration.ZERO, List.of());
        return prover(proposer)
                .prove(List.of(new Prover.Trial(empty.observed(), proposal)))
                .getFirst();
    }

    /// With a tmpfs inside the volume, for example.
    @Test
    void dataThatARestartLosesRefuteTheProposal() throws Exception {
        cloneEnvironments.data =
                setup ->
                        setup.readOnly() && setup.starts() > 1
                                ? List.of("/data/kept")
                                : List.of("/data/kept", "/data/mail");
        ProofResult proof =
                proveWithVolume(observed ->
                        new Proposal(
                                WEB,
                                List.of(volume("/data")),
                                List.of(),
                                Duration.ZERO,
                                List.of()));
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).endsWith("lost data at its restart: /data/mail");
    }

    @Test
    void whatARestartLosesImprovesTheProposal() throws Exception {
        cloneEnvironments.data =
                setup ->
                        setup.readOnly() && setup.starts() > 1 && setup.provisions().size() == 1
                                ? List.of("/data/kept")
                                : List.of("/data/kept", "/data/mail");
        ProofResult proof =
                proveWithVolume(observed -> {
                    assertThat(observed.subject().state().lost()).containsExactly("/data/mail");
                    return new Proposal(
                            WEB,
                            List.of(volume("/data"), volume("/mail")),
                            List.of(),
                            Duration.ZERO,
                            List.of());
                });
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.proposal().provisions()).hasSize(2);
    }

    @Test
    void theResultSaysWhatWasWrittenInWhichPhase() throws Exception {
        exercised = true;
        AtomicInteger exercises = new AtomicInteger();
        cloneEnvironments.exercise =
                (environment, limit) -> {
                    if (cloneEnvironments.made.getLast().readOnly()) {
                        exercises.incrementAndGet();
                    }
                    cloneEnvironments.time.advance(Duration.ofSeconds(3));
                    return new Exercised.Passed();
                };
        cloneEnvironments.data =
                setup -> exercises.get() == 0 ? List.of("/data/a") : List.of("/data/b");
        ProofCoverage coverage =
                proveWithVolume(ProverTest::improvedProposal).coverage().orElseThrow();
        assertThat(coverage.phases())
                .extracting(Phase::name)
                .containsExactly(
                        PhaseName.START,
                        PhaseName.EXERCISE,
                        PhaseName.STOP,
                        PhaseName.RESTART,
                        PhaseName.SECOND_EXERCISE);
        assertThat(coverage.phases().get(1))
                .isEqualTo(
                        new Phase(
                                PhaseName.EXERCISE,
                                Duration.ofSeconds(3),
                                new Written.Paths(List.of("/data/a", "/data/b"), 2)));
        assertThat(coverage.phases().get(2).written()).isEqualTo(new Written.Paths(List.of(), 0));
        assertThat(coverage.phases().get(0).duration()).isGreaterThanOrEqualTo(SETTLING);
    }

    @Test
    void theResultSaysWhatWasNeverSeen() throws Exception {
        assertThat(prove(WEB).coverage().orElseThrow().neverSeen())
                .containsExactly(RareEvent.values());
        exercised = true;
        cloneEnvironments.requests = List.of(new Clone.ClientRequest.Signal(1));
        assertThat(prove(WEB).coverage().orElseThrow().neverSeen())
                .containsExactly(RareEvent.LOG_ROTATION, RareEvent.BACKUP, RareEvent.UPGRADE);
    }

    @Test
    void aCloneThatFailedCoversNothing() throws Exception {
        cloneEnvironments.behaviour =
                setup -> setup.readOnly() ? Behaviour.ends(1) : Behaviour.runs();
        assertThat(prove(WEB).coverage()).isEmpty();
    }

    @Test
    void whatAServiceRemovesItselfIsNotLost() throws Exception {
        cloneEnvironments.data = setup -> List.of("/data/kept", "/data/log." + setup.starts());
        assertThat(proveWithVolume(ProverTest::improvedProposal).outcome())
                .isEqualTo(Outcome.PROVED);
        assertThat(progress).contains("trying what a restart of web removes anyway");
    }

    @Test
    void anExerciseThatDoesNotEndShowsNothing() throws Exception {
        exercised = true;
        List<Duration> limits = new ArrayList<>();
        cloneEnvironments.exercise =
                (environment, limit) -> {
                    limits.add(limit);
                    return limits.size() == 1
                            ? new Exercised.Passed()
                            : new Exercised.TimedOut(limit, List.of("working"));
                };
        ProofResult proof = prove(WEB, "/run");
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).contains("the exercise did not end within");
        assertThat(limits.get(1)).isGreaterThanOrEqualTo(limits.getFirst());
    }

    @Test
    void aServiceWithoutADirectoryForTemporaryFilesGetsTmp() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly() && !setup.covers("/tmp")
                                ? Behaviour.ends(
                                        1,
                                        "[Errno 2] No usable temporary directory found in ['/tmp']")
                                : Behaviour.runs();
        ProofResult proof =
                prover(observed ->
                                proposal(
                                        WEB,
                                        observed.missed().stream()
                                                .map(WrittenFile::path)
                                                .toArray(String[]::new)))
                        .prove(List.of(trial(WEB)))
                        .getFirst();
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void aServiceThatRunsTwiceReadOnlyIsProved() throws Exception {
        ProofResult proof = prove(WEB, "/run");
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.exercise()).isEqualTo(Exercise.START);
        assertThat(proof.exercised()).isBetween(SETTLING.multipliedBy(2), Duration.ofSeconds(20));
        assertThat(proof.missed()).isEmpty();
        assertThat(proof.log()).isEmpty();
        assertThat(cloneEnvironments.made).extracting(Setup::readOnly).containsExactly(false, true);
        assertThat(cloneEnvironments.made.getLast().provisions()).containsExactly(tmpfs("/run"));
        assertThat(cloneEnvironments.events)
                .containsExactly(
                        "prepare web",
                        "start web",
                        "stop web",
                        "start web",
                        "stop web",
                        "start web",
                        "clear");
        assertThat(progress)
                .containsExactly(
                        "copying the data of web",
                        "trying a clone of web with a writable root filesystem",
                        "trying a clone of web with a read-only root filesystem");
    }

    @Test
    void whatAWritableCloneWritesElsewhereImprovesTheProposal() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.covers("/cache")
                                ? Behaviour.runs()
                                : Behaviour.runs().changes(added("/cache"), added("/cache/a"));
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.missed()).containsExactly(missing("/cache/a"));
        assertThat(proof.proposal().provisions()).containsExactly(tmpfs("/cache"));
        assertThat(cloneEnvironments.made)
                .extracting(Setup::readOnly)
                .containsExactly(false, false, true);
    }

    /// A pid file is removed when its process exits, and a dump is written only then.
    @Test
    void writesWhileRunningAndAtStopAreMissedWrites() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly()
                                ? Behaviour.runs()
                                : Behaviour.runs()
                                        .changes(added("/srv/pid"))
                                        .changesAfterStop(added("/dump/x"));
        assertThat(prove(WEB, "/srv").missed()).extracting(WrittenFile::path).contains("/dump/x");
        assertThat(prove(WEB).missed())
                .extracting(WrittenFile::path)
                .containsExactly("/srv/pid", "/dump/x");
    }

    @Test
    void aProposalIsImprovedThreeTimesAtMost() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        Behaviour.runs()
                                .changes(added("/n" + cloneEnvironments.made.size() + "/x"));
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.missed())
                .containsExactly(missing("/n1/x"), missing("/n2/x"), missing("/n3/x"));
        assertThat(proof.proposal().provisions())
                .containsExactly(tmpfs("/n1"), tmpfs("/n2"), tmpfs("/n3"));
        assertThat(cloneEnvironments.made)
                .extracting(Setup::readOnly)
                .containsExactly(false, false, false, true);
    }

    /// A service may work although some of its writes fail.
    @Test
    void whatCannotBeImprovedIsTriedReadOnlyAllTheSame() throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.runs().changes(added("/log/x"));
        ProofResult proof =
                prover(observed -> proposal(observed.subject()))
                        .prove(List.of(trial(WEB)))
                        .getFirst();
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.missed()).containsExactly(missing("/log/x"));
        assertThat(cloneEnvironments.made).hasSize(2);
    }

    @Test
    void whatTheWatchSawCountsAsDockerDiffDoes() throws Exception {
        WrittenFile seen =
                new WrittenFile("/var/x", FileType.REGULAR, true, true, 7, 9, false, Set.of("a"));
        checks =
                new Prover.CloneChecks(
                        clone -> List.of(seen, missing("/run/inside")), clone -> List.of());
        ProofResult proof =
                prover(observed -> proposal(observed.subject(), "/run"))
                        .prove(List.of(trial(WEB, "/run")))
                        .getFirst();
        assertThat(proof.missed()).containsExactly(seen);
    }

    @Test
    void aServiceThatEndsReadOnlyOnlyIsRefutedByItsOwnLog() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly()
                                ? Behaviour.ends(
                                        1, "starting", "open: Read-only file system", "bye")
                                : Behaviour.runs();
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason())
                .isEqualTo(
                        "a clone with a read-only root filesystem failed: it exited with code 1"
                                + " after 0 s: \"open: Read-only file system\"");
        assertThat(proof.log()).containsExactly("starting", "open: Read-only file system", "bye");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sh: can't create /data/foo: Read-only file system | /data/foo",
                "/entry.sh: line 3: /data/foo: Read-only file system | /data/foo",
                "nginx: [emerg] open() \"/data/foo\" failed (30: Read-only file system) |"
                        + " /data/foo",
                "OSError: [Errno 30] Read-only file system: '/data/foo' | /data/foo",
                "Error: EROFS: read-only file system, open '/data/foo' | /data/foo",
                "panic: mkdir /data/foo: read-only file system | /data/foo",
                "failed to open /data/foo: Read-only file system (os error 30) | /data/foo",
                "java.io.IOException: /data/foo (Read-only file system) | /data/foo"
            })
    void whatAReadOnlyCloneLogsAsMissingImprovesTheProposal(String line, String path)
            throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly() && !setup.covers("/data")
                                ? Behaviour.ends(1, line)
                                : Behaviour.runs();
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).as(proof.reason()).isEqualTo(Outcome.PROVED);
        assertThat(proof.missed()).extracting(WrittenFile::path).containsExactly(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connecting to http://host/path",
                "errno 300 at /data/foo",
                "cannot mkdir cache: Read-only file system",
                "/run/x: Read-only file system",
                "https://x//y EROFS"
            })
    void aLineThatNamesNoPathOutsideOfTheMountsImprovesNothing(String line) throws Exception {
        cloneEnvironments.behaviour =
                setup -> setup.readOnly() ? Behaviour.ends(1, line) : Behaviour.runs();
        ProofResult proof = prove(WEB, "/run");
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.missed()).isEmpty();
        assertThat(proof.proposal().provisions()).containsExactly(tmpfs("/run"));
    }

    @Test
    void aServiceThatFailsAfterItsRestartIsRefuted() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly() && setup.starts() == 2
                                ? Behaviour.ends(3, "stale pid file")
                                : Behaviour.runs();
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("exited with code 3");
    }

    /// A database that saves its data when it is stopped, and cannot.
    @Test
    void aServiceThatEndsBadlyOnlyWhereItCannotWriteIsRefuted() throws Exception {
        cloneEnvironments.behaviour =
                setup -> Behaviour.runs().withStopExitCode(setup.readOnly() ? 1 : 0);
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("when it was stopped, it exited with code 1");
        cloneEnvironments.behaviour = setup -> Behaviour.runs().withStopExitCode(1);
        assertThat(prove(WEB).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void aServiceThatDoesNotRunAtAllIsUndecided() throws Exception {
        cloneEnvironments.behaviour =
                setup -> Behaviour.ends(1, "cannot connect to db: Name or service not known");
        ProofResult proof = prove(WEB, "/run");
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason())
                .isEqualTo(
                        "even a writable clone did not run: it exited with code 1 after 0 s: a host"
                                + " name that it needs could not be resolved: \"cannot connect to"
                                + " db: Name or service not known\"");
        assertThat(proof.log()).isNotEmpty();
        assertThat(proof.exercised()).isZero();
        assertThat(cloneEnvironments.made)
                .extracting(s -> s.provisions().size())
                .containsExactly(1, 0);
    }

    @Test
    void aProposalThatBreaksAServiceIsRefutedByACloneWithoutIt() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.covers("/etc")
                                ? Behaviour.ends(1, "no configuration")
                                : Behaviour.runs();
        ProofResult proof = prove(WEB, "/etc");
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).startsWith("a clone with the proposal failed");
        assertThat(proof.log()).containsExactly("no configuration");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec user process caused: exec format error | another CPU architecture",
                "Address already in use | a port that it needs was in use",
                "driver failed: no such device | a device was missing"
            })
    void whatTheEngineWillNotStartIsUndecidedWithAPlainReason(String refusal, String meaning)
            throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.runs().refusedStart(refusal);
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).contains("the engine refused to start it", refusal);
        assertThat(FailureDiagnosis.of(List.of(refusal))).contains(meaning);
    }

    @Test
    void aServiceWithoutMemoryIsUndecidedForThatReason() throws Exception {
        cloneEnvironments.behaviour =
                setup -> Behaviour.runs().withCondition(up -> new Condition.Ended(137, true, ""));
        assertThat(prove(WEB).reason()).contains("ran out of memory");
    }

    @Test
    void aHealthCheckHasToPass() throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.healthyAfter(Duration.ofSeconds(40));
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.exercise()).isEqualTo(Exercise.HEALTH_CHECK);
        assertThat(proof.exercised()).isGreaterThan(Duration.ofSeconds(80));
    }

    @Test
    void neverHealthyCloneIsUndecidedWithinTheTimeLimit() throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.healthyAfter(Duration.ofDays(1));
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).contains("it was not healthy within 150 s");
        assertThat(Duration.ofNanos(cloneEnvironments.time.nanos()))
                .isLessThan(TOTAL.plus(Duration.ofSeconds(1)));
    }

    @Test
    void cloneUnhealthyOnlyIfReadOnlyIsRefuted() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly()
                                ? Behaviour.healthyAfter(Duration.ofDays(1))
                                : Behaviour.healthyAfter(Duration.ofSeconds(1));
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("it was not healthy within 30 s");
    }

    @Test
    void timeoutBeforeReadOnlyCloneIsHealthyIsUndecided() throws Exception {
        Duration slow = Duration.ofSeconds(130);
        cloneEnvironments.behaviour = setup -> Behaviour.healthyAfter(slow);
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).startsWith("the time ran out");
    }

    /// A clone is hidden from audits, so its life is limited.
    @Test
    void noCloneLivesLongerThanTenMinutesHoweverMuchTimeThereIs() throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.healthyAfter(Duration.ofDays(1));
        Prover.Limits hours = new Prover.Limits(Duration.ofHours(5), SETTLING, 1);
        ProofResult proof =
                new Prover(
                                cloneEnvironments,
                                ProverTest::improvedProposal,
                                Optional.empty(),
                                checks,
                                hours,
                                progress::add,
                                cloneEnvironments.time)
                        .prove(List.of(trial(CHECKED)))
                        .getFirst();
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(Duration.ofNanos(cloneEnvironments.time.nanos()))
                .isLessThan(CloneEnvironment.MAX_LIFETIME.plusSeconds(10));
    }

    @Test
    void anUnhealthyCloneIsNotWaitedFor() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        Behaviour.runs()
                                .withCondition(up ->
                                        new Condition.Running(
                                                setup.readOnly()
                                                        ? Health.UNHEALTHY
                                                        : Health.HEALTHY));
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("its health check failed");
        assertThat(Duration.ofNanos(cloneEnvironments.time.nanos()))
                .isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aJobThatEndsWellBothTimesIsProved() throws Exception {
        cloneEnvironments.preparation =
                subject ->
                        new CloneEnvironment.Prepared.Ready(Duration.ZERO, List.of("a difference"));
        cloneEnvironments.behaviour = setup -> Behaviour.ends(0);
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.differences()).containsExactly("a difference");
        cloneEnvironments.behaviour = setup -> Behaviour.ends(setup.readOnly() ? 1 : 0);
        assertThat(prove(WEB).outcome()).isEqualTo(Outcome.REFUTED);
    }

    /// A server that misses something can exit with code 0.
    @Test
    void aServiceThatEndsWellWhileItsOriginalRunsOnIsUndecided() throws Exception {
        cloneEnvironments.behaviour = setup -> Behaviour.ends(0);
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason())
                .contains("it exited with code 0 after 0 s, although the original still runs");
    }

    @Test
    void anExerciseRunsOnceWritableAndTwiceReadOnly() throws Exception {
        exercised = true;
        List<Map<String, String>> exercisedWith = new ArrayList<>();
        cloneEnvironments.exercise =
                (environment, limit) -> {
                    exercisedWith.add(environment);
                    return new Exercised.Passed();
                };
        cloneEnvironments.behaviour = setup -> Behaviour.healthyAfter(Duration.ofSeconds(1));
        ProofResult proof = prove(CHECKED);
        assertThat(proof.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(proof.exercise()).isEqualTo(Exercise.COMMAND);
        assertThat(exercisedWith)
                .hasSize(3)
                .allSatisfy(environment ->
                        assertThat(environment)
                                .containsEntry("WRITEPROBE_CONTAINER", "clone-of-web")
                                .containsEntry("WRITEPROBE_ORIGINAL", "web"));
    }

    @Test
    void anExerciseThatFailsOnEveryCloneProvesNothing() throws Exception {
        exercised = true;
        cloneEnvironments.exercise =
                (environment, limit) ->
                        new Exercised.Failed("it exited with code 127", List.of("crul: not found"));
        ProofResult proof = prove(WEB, "/run");
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason())
                .isEqualTo(
                        "the exercise proves nothing, because it failed even on a writable clone:"
                                + " the exercise failed: it exited with code 127: \"crul: not"
                                + " found\"");
        assertThat(proof.log()).containsExactly("crul: not found", "hello");
    }

    @Test
    void anExerciseThatFailsReadOnlyRefutes() throws Exception {
        exercised = true;
        cloneEnvironments.exercise =
                (environment, limit) ->
                        cloneEnvironments.made.getLast().readOnly()
                                ? new Exercised.Failed("it exited with code 22", List.of("500"))
                                : new Exercised.Passed();
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).contains("the exercise failed: it exited with code 22");
    }

    @Test
    void cloneThatExitsDuringTheExerciseIsRefuted() throws Exception {
        exercised = true;
        boolean[] exerciseRan = {false};
        cloneEnvironments.exercise =
                (environment, limit) -> {
                    exerciseRan[0] = true;
                    return new Exercised.Passed();
                };
        cloneEnvironments.behaviour =
                setup ->
                        setup.readOnly()
                                ? Behaviour.runs()
                                        .withCondition(up ->
                                                exerciseRan[0] && up.compareTo(SETTLING) > 0
                                                        ? new Condition.Ended(9, false, "")
                                                        : new Condition.Running(Health.UNKNOWN))
                                : Behaviour.runs();
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
    }

    @Test
    void anObjectionToAReadOnlyCloneRefutes() throws Exception {
        checks =
                new Prover.CloneChecks(
                        clone -> List.of(),
                        clone ->
                                clone.container().readonlyRootfs()
                                        ? List.of("/srv can still be written")
                                        : List.of("never asked"));
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.REFUTED);
        assertThat(proof.reason()).endsWith("/srv can still be written");
    }

    @Test
    void whatCannotBeCopiedIsUndecidedAndNothingIsStarted() throws Exception {
        cloneEnvironments.preparation =
                subject -> new CloneEnvironment.Prepared.Impossible("no room");
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).isEqualTo("no clone could be created: no room");
        assertThat(cloneEnvironments.made).isEmpty();
    }

    @Test
    void anEngineThatStopsAnsweringLeavesItUndecided() throws Exception {
        cloneEnvironments.outage = Optional.of("the engine does not answer");
        cloneEnvironments.leftovers = List.of("writeprobe-1");
        ProofResult proof = prove(WEB);
        assertThat(proof.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(proof.reason()).isEqualTo("the engine does not answer");
        assertThat(proof.differences()).singleElement().asString().contains("writeprobe-1");
    }

    @Test
    void anInterruptEndsItAndEverythingIsRemoved() {
        cloneEnvironments.behaviour =
                setup -> {
                    Thread.currentThread().interrupt();
                    return Behaviour.runs();
                };
        assertThatThrownBy(() -> prove(WEB)).isInstanceOf(InterruptedException.class);
        assertThat(cloneEnvironments.events).endsWith("clear");
    }

    private static ProposalTarget inShop(String name) {
        return FakeCloneEnvironments.subject(
                name, false, Map.of("com.docker.compose.project", "shop"));
    }

    @Test
    void containersOfOneProjectAreTriedTogetherAndOthersAlone() throws Exception {
        List<ProofResult> proofs =
                prover(ProverTest::improvedProposal)
                        .prove(List.of(trial(inShop("a")), trial(WEB), trial(inShop("b"))));
        assertThat(proofs).extracting(ProofResult::outcome).containsOnly(Outcome.PROVED);
        assertThat(proofs)
                .extracting(p -> p.proposal().subject().container().name())
                .containsExactly("a", "web", "b");
        assertThat(cloneEnvironments.events.subList(0, 6))
                .containsExactly(
                        "prepare a", "prepare b", "start a", "start b", "stop b", "stop a");
        assertThat(cloneEnvironments.events.stream().filter("clear"::equals)).hasSize(2);
    }

    @Test
    void cloneIsRestartedUntilItsPeerIsUp() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        setup.subject().container().name().equals("a") && setup.starts() % 3 != 0
                                ? Behaviour.ends(1, "db: connection refused")
                                : Behaviour.runs();
        List<ProofResult> together =
                prover(ProverTest::improvedProposal)
                        .prove(List.of(trial(inShop("a")), trial(inShop("b"))));
        assertThat(together).extracting(ProofResult::outcome).containsOnly(Outcome.PROVED);
        List<ProofResult> single =
                prover(ProverTest::improvedProposal).prove(List.of(trial(inShop("a"))));
        assertThat(single).extracting(ProofResult::outcome).containsOnly(Outcome.UNDECIDED);
    }

    @Test
    void refutedCloneStaysAsPeerAndUnstartableOneDoesNot() throws Exception {
        cloneEnvironments.behaviour =
                setup ->
                        switch (setup.subject().container().name()) {
                            case "a" -> Behaviour.runs();
                            case "b" -> setup.covers("/b") ? Behaviour.ends(1) : Behaviour.runs();
                            default -> Behaviour.ends(2);
                        };
        List<ProofResult> proofs =
                prover(ProverTest::improvedProposal)
                        .prove(
                                List.of(
                                        trial(inShop("a")),
                                        trial(inShop("b"), "/b"),
                                        trial(inShop("c"))));
        assertThat(proofs)
                .extracting(ProofResult::outcome)
                .containsExactly(Outcome.PROVED, Outcome.REFUTED, Outcome.UNDECIDED);
        assertThat(
                        cloneEnvironments.made.subList(
                                cloneEnvironments.made.size() - 2, cloneEnvironments.made.size()))
                .extracting(
                        s -> s.subject().container().name() + s.readOnly() + s.provisions().size())
                .containsExactly("atrue0", "bfalse0");
    }
}
