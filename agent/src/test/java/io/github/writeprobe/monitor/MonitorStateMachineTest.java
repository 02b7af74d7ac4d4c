package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.monitor.ScriptedEngine.Exec;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// How the monitor reacts to engines, in virtual time.
class MonitorStateMachineTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);

    private final ScriptedEngine engine = new ScriptedEngine("unix:///one");
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private VirtualMonitor monitor =
            new VirtualMonitor(settings(NEVER, NEVER, 4), listener(), List.of(engine));

    private MonitorListener listener() {
        return new MonitorListener() {
            @Override
            public void probed(ProbeResult result, int paths) {
                calls.add("probed");
            }

            @Override
            public void cycleCompleted(WitnessName witness, Duration took) {
                calls.add("cycle completed");
            }

            @Override
            public void verdictChanged(Trigger trigger, Duration latency) {
                calls.add("detected " + trigger.label());
            }

            @Override
            public void mountTableChanged(ChangeOrigin origin) {
                calls.add("mounts changed");
            }

            @Override
            public void eventReceived() {
                calls.add("happened");
            }

            @Override
            public void reconnected() {
                calls.add("reconnected");
            }
        };
    }

    private static MonitorSettings settings(
            Duration interval, Duration execInterval, int concurrency) {
        return new MonitorSettings(
                ProbeSettings.DEFAULT.toBuilder()
                        .onlyWitness(Optional.of(WitnessName.EXEC))
                        .paths(List.of("/tmp"))
                        .fullInterval(NEVER)
                        .timeout(TIMEOUT)
                        .concurrency(concurrency)
                        .build(),
                Policy.DEFAULT,
                interval,
                execInterval);
    }

    private VirtualMonitor follow(Duration interval, Duration execInterval) {
        return follow(settings(interval, execInterval, 4));
    }

    private VirtualMonitor follow(MonitorSettings settings, ScriptedEngine... others) {
        List<ScriptedEngine> engines = new ArrayList<>(List.of(engine));
        engines.addAll(List.of(others));
        monitor = new VirtualMonitor(settings, listener(), engines).start();
        return monitor;
    }

    private void await(String what, BooleanSupplier condition) {
        monitor.await(what, condition);
    }

    private ReportBoard board() {
        return monitor.board();
    }

    private Optional<ContainerReport> of(int number) {
        return board().report().containers().stream()
                .filter(c -> c.container().id().equals(ScriptedEngine.id(number)))
                .findFirst();
    }

    private boolean has(int number, Verdict verdict) {
        return of(number).filter(c -> c.verdict() == verdict).isPresent();
    }

    private boolean drifted(int number) {
        return of(number)
                .filter(c -> c.findings().stream().anyMatch(f -> f.kind() == FindingKind.DRIFT))
                .isPresent();
    }

    private void awaitVerdict(int number, Verdict verdict) {
        await(number + " " + verdict, () -> has(number, verdict));
    }

    @Test
    void aContainerThatStartsIsProbedAtOnce() {
        follow(NEVER, NEVER);
        await("up", () -> board().report().engines().stream().allMatch(EngineReport::isUp));
        engine.run(1, Exec.READ_ONLY);
        awaitVerdict(1, Verdict.COMPLIANT);
        assertThat(calls).contains("detected start");
        assertThat(engine.count("exec")).isEqualTo(1);
    }

    @Test
    void whatRunsAlreadyIsProbedInTheFirstPass() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.WRITABLE);
        follow(NEVER, NEVER);
        assertThat(board().enginesWithoutCycle()).hasSize(1);
        await("a cycle", () -> board().enginesWithoutCycle().isEmpty());
        assertThat(has(1, Verdict.COMPLIANT)).isTrue();
        assertThat(drifted(2)).isTrue();
    }

    /// The web server listens before the monitor starts.
    @Test
    void whatWasNotStartedYetIsStillAhead() {
        assertThat(board().enginesWithoutCycle())
                .extracting(EngineReport::host)
                .containsExactly("unix:///one");
        assertThat(board().report().engines())
                .extracting(EngineReport::isUp)
                .containsExactly(false);
    }

    @Test
    void aContainerThatEndsIsGoneAtOnce() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.end(1);
        await("gone", () -> board().report().containers().isEmpty());
    }

    @Test
    void aRestartBeginsAnew() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.restart(1, Exec.WRITABLE);
        await("drift", () -> drifted(1));
    }

    @Test
    void anUnchangedPassAsksForOneListAndNothingElse() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.READ_ONLY);
        follow(Duration.ofMillis(100), NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        awaitVerdict(2, Verdict.COMPLIANT);
        engine.calls.clear();
        calls.clear();
        await("ten cycles", () -> calls.stream().filter("cycle completed"::equals).count() >= 10);
        assertThat(engine.calls).isNotEmpty().allMatch("list"::equals);
        assertThat(engine.count("list")).isLessThanOrEqualTo(12);
    }

    @Test
    void execTestifiesAgainAfterItsInterval() {
        engine.run(1, Exec.READ_ONLY);
        follow(Duration.ofMillis(100), Duration.ofMillis(500));
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.become(1, Exec.WRITABLE);
        await("drift", () -> drifted(1));
        await("both", () -> calls.containsAll(List.of("detected poll", "mounts changed")));
    }

    @Test
    void aRenameShowsWithoutAnotherProbe() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.rename(1, "other");
        await(
                "the new name",
                () -> of(1).filter(c -> c.container().name().equals("other")).isPresent());
        assertThat(engine.count("exec")).isEqualTo(1);
    }

    @Test
    void unpausedContainerIsProbedAgain() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.pause(1, true);
        await("paused", () -> of(1).filter(c -> c.container().paused()).isPresent());
        assertThat(has(1, Verdict.COMPLIANT)).isTrue();
        engine.become(1, Exec.WRITABLE);
        engine.pause(1, false);
        await("drift", () -> drifted(1));
    }

    @Test
    void aPassFindsWhatEventsMissed() {
        follow(Duration.ofMillis(200), NEVER);
        await("up", () -> board().enginesWithoutCycle().isEmpty());
        engine.deaf(true);
        engine.run(1, Exec.READ_ONLY);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.end(1);
        await("gone", () -> board().report().containers().isEmpty());
    }

    @Test
    void aStreamThatHasGoneDeafIsOpenedAnew() {
        follow(Duration.ofMillis(200), NEVER);
        await("up", () -> board().enginesWithoutCycle().isEmpty());
        assertThat(engine.count("follow")).isEqualTo(1);
        engine.deaf(true);
        engine.run(1, Exec.READ_ONLY);
        await("another stream", () -> engine.count("follow") == 2);
        awaitVerdict(1, Verdict.COMPLIANT);
    }

    @Test
    void anEngineThatIsLostIsDownAtOnceAndFoundAgain() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.down(true);
        await("down", () -> !board().report().engines().getFirst().isUp());
        engine.runUnseen(2, Exec.WRITABLE);
        engine.endUnseen(1);
        engine.down(false);
        await("drift", () -> drifted(2));
        assertThat(of(1)).isEmpty();
        assertThat(board().report().engines().getFirst().isUp()).isTrue();
        assertThat(calls).contains("reconnected");
    }

    /// The time-out of an engine that accepts connections and never answers.
    @Test
    void anEngineThatGoesSilentIsDownAfterThePassThatNoticesIt() {
        engine.run(1, Exec.READ_ONLY);
        follow(Duration.ofMillis(300), NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.silent(true);
        await("down", () -> !board().report().engines().getFirst().isUp());
        engine.silent(false);
        await("up", () -> board().report().engines().getFirst().isUp());
        assertThat(has(1, Verdict.COMPLIANT)).isTrue();
    }

    /// The list times out, and so does every later attempt to identify the engine.
    @Test
    void oneHangIsOneWarningHoweverItShows() {
        try (Logged log = new Logged("engine")) {
            follow(Duration.ofMillis(300), NEVER);
            await("up", () -> board().enginesWithoutCycle().isEmpty());
            engine.silent(true);
            await("tried again", () -> engine.count("identify") >= 3);
            await("another reason", () -> log.lines().size() >= 4);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO monitoring the engine",
                            "INFO first cycle completed: 0 containers, 0 compliant, 0 violating,"
                                    + " 0 unverified",
                            "WARN unix:///one did not answer list",
                            "INFO still down: unix:///one did not answer identify");
        }
    }

    @Test
    void theFirstPassIsOverWithItsTotalsOnce() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.WRITABLE);
        engine.run(3, Exec.BABBLES);
        try (Logged log = new Logged("engine")) {
            follow(Duration.ofMillis(100), NEVER);
            await("cycles", () -> calls.stream().filter("cycle completed"::equals).count() >= 3);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO monitoring the engine",
                            "INFO first cycle completed: 3 containers, 1 compliant, 1 violating,"
                                    + " 1 unverified");
        }
    }

    @Test
    void whatRestartedWhileTheEngineWasLostIsProbedAnew() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.down(true);
        await("down", () -> !board().report().engines().getFirst().isUp());
        engine.runUnseen(1, Exec.WRITABLE);
        engine.down(false);
        await("drift", () -> drifted(1));
    }

    @Test
    void hangingContainerIsUnverifiedAndDoesNotBlockOthers() {
        engine.run(1, Exec.HANGS);
        engine.run(2, Exec.HANGS);
        engine.run(3, Exec.HANGS);
        follow(settings(Duration.ofMillis(200), NEVER, 2));
        await("tried", () -> has(1, Verdict.UNVERIFIED) && engine.count("exec") > 3);
        for (int i = 10; i < 40; i++) {
            engine.run(i, Exec.READ_ONLY);
        }
        await(
                "the others",
                () -> {
                    Report report = board().report();
                    return report.count(Verdict.COMPLIANT) == 30;
                });
        assertThat(monitor.mostProbing()).isLessThanOrEqualTo(2);
    }

    /// 200 ms, then 400, 800 and so on: in three seconds four or five times, and not fifteen.
    @Test
    void aHangingContainerIsTriedEverMoreSeldom() throws Exception {
        engine.run(1, Exec.HANGS);
        follow(settings(Duration.ofMillis(200), NEVER, 4));
        monitor.runFor(Duration.ofSeconds(3));
        assertThat(engine.count("exec")).isBetween(2L, 6L);
    }

    @Test
    void oneContainerIsNeverProbedTwiceAtOnce() {
        engine.execTakes = Duration.ofMillis(200);
        engine.run(1, Exec.READ_ONLY);
        follow(Duration.ofMillis(50), Duration.ofMillis(50));
        awaitVerdict(1, Verdict.COMPLIANT);
        for (int i = 0; i < 20; i++) {
            engine.tell(Engine.Action.UPDATE, 1);
            engine.tell(Engine.Action.START, 1);
        }
        await("three more", () -> engine.count("exec") >= 4);
        assertThat(monitor.mostProbing()).isEqualTo(1);
    }

    @Test
    void babbleIsUnverifiedAndTriedAgain() {
        engine.run(1, Exec.BABBLES);
        follow(Duration.ofMillis(100), NEVER);
        awaitVerdict(1, Verdict.UNVERIFIED);
        engine.become(1, Exec.READ_ONLY);
        awaitVerdict(1, Verdict.COMPLIANT);
    }

    @Test
    void aClockThatIsSetHasEverythingProbedAnew() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.become(1, Exec.WRITABLE);
        monitor.setClock(Duration.ofHours(-3));
        await("drift", () -> drifted(1));
    }

    @Test
    void oneEngineThatIsDownDoesNotHinderAnother() {
        ScriptedEngine other = new ScriptedEngine("unix:///other");
        other.down(true);
        engine.run(1, Exec.READ_ONLY);
        follow(settings(NEVER, NEVER, 4), other);
        awaitVerdict(1, Verdict.COMPLIANT);
        await("one cycle", () -> board().enginesWithoutCycle().size() == 1);
        assertThat(board().enginesWithoutCycle().getFirst().host()).isEqualTo("unix:///other");
        assertThat(board().report().engines())
                .extracting(EngineReport::isUp)
                .containsExactly(true, false);
    }

    @Test
    void anotherConfigurationKeepsWhatIsKnownAndProbesWhatIsAsked() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        ScriptedEngine other = new ScriptedEngine("unix:///other");
        other.run(2, Exec.WRITABLE);
        ScriptedEngine again = new ScriptedEngine("unix:///one");
        MonitorSettings more =
                new MonitorSettings(
                        settings(NEVER, NEVER, 4).probing().withPath("/srv"),
                        Policy.DEFAULT,
                        NEVER,
                        NEVER);
        monitor.reconfigure(more, List.of(again, other));
        await("the other engine", () -> drifted(2));
        await(
                "the other path",
                () ->
                        of(1).stream()
                                .flatMap(c -> c.paths().stream())
                                .anyMatch(p ->
                                        p.path().equals("/srv") && !p.observations().isEmpty()));
        assertThat(again.calls).containsExactly("close");
        monitor.reconfigure(more, List.of(other));
        await("the first engine gone", () -> board().report().engines().size() == 1);
        await("closed", () -> engine.calls.contains("close"));
        assertThat(of(1)).isEmpty();
    }

    @Test
    void aThousandContainersThatComeAndGoLeaveNothing() {
        follow(NEVER, NEVER);
        await("up", () -> board().enginesWithoutCycle().isEmpty());
        engine.execTakes = Duration.ofMillis(20);
        for (int i = 0; i < 1_000; i++) {
            engine.run(i, Exec.READ_ONLY);
            if (i >= 10) {
                engine.end(i - 10);
            }
        }
        for (int i = 990; i < 1_000; i++) {
            engine.end(i);
        }
        engine.run(5_000, Exec.READ_ONLY);
        awaitVerdict(5_000, Verdict.COMPLIANT);
        assertThat(board().report().containers()).hasSize(1);
        await("no probe left", () -> monitor.probing() == 0);
    }

    /// Half a second, then one, two and so on: in four seconds some three times.
    @Test
    void anEngineThatForbidsItsListIsAskedEverMoreSeldom() throws Exception {
        engine.listless(true);
        follow(NEVER, NEVER);
        monitor.runFor(Duration.ofSeconds(4));
        assertThat(engine.count("list")).isBetween(2L, 5L);
        assertThat(board().report().engines().getFirst().error())
                .contains("unix:///one forbids it");
    }

    @Test
    void aBugWhileFollowingIsNotTheEndOfFollowing() {
        engine.broken(1);
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.broken(1);
        engine.cut();
        await("down", () -> !board().report().engines().getFirst().isUp());
        await("up", () -> board().report().engines().getFirst().isUp());
        engine.run(2, Exec.READ_ONLY);
        awaitVerdict(2, Verdict.COMPLIANT);
    }

    @Test
    void inspectOfAnotherContainerIsIgnored() {
        engine.mistaken(2);
        engine.run(2, Exec.READ_ONLY);
        engine.run(1, Exec.WRITABLE);
        follow(Duration.ofMillis(200), NEVER);
        awaitVerdict(1, Verdict.UNVERIFIED);
        awaitVerdict(2, Verdict.COMPLIANT);
        engine.end(1);
        engine.end(2);
        await("gone", () -> board().report().containers().isEmpty());
    }

    @Test
    void aPassThatTakesLongerThanTheIntervalIsNotOverBefore() {
        engine.execTakes = Duration.ofMillis(200);
        for (int i = 0; i < 10; i++) {
            engine.run(i, Exec.READ_ONLY);
        }
        follow(settings(Duration.ofMillis(200), NEVER, 1));
        await("a cycle", () -> board().enginesWithoutCycle().isEmpty());
        assertThat(board().report().count(Verdict.COMPLIANT)).isEqualTo(10);
    }

    @Test
    void passesComeHoweverOftenTheConfigurationIsRead() throws Exception {
        MonitorSettings settings = settings(Duration.ofMillis(500), NEVER, 4);
        follow(settings);
        await("up", () -> board().enginesWithoutCycle().isEmpty());
        engine.calls.clear();
        for (int i = 0; i < 30; i++) {
            monitor.reconfigure(settings, List.of(new ScriptedEngine("unix:///one")));
            monitor.runFor(Duration.ofMillis(100));
        }
        assertThat(engine.count("list")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void findingStaysUntilAProbeDisprovesIt() {
        engine.run(1, Exec.WRITABLE);
        follow(Duration.ofMillis(200), Duration.ofMillis(200));
        await("drift", () -> drifted(1));
        engine.become(1, Exec.HANGS);
        await("doubt", () -> of(1).filter(c -> !c.unproved().isEmpty()).isPresent());
        assertThat(has(1, Verdict.VIOLATING)).isTrue();
        assertThat(drifted(1)).isTrue();
        engine.become(1, Exec.READ_ONLY);
        awaitVerdict(1, Verdict.COMPLIANT);
    }

    @Test
    void whatWasCompliantAndHangsIsUnverified() {
        engine.run(1, Exec.READ_ONLY);
        follow(Duration.ofMillis(200), Duration.ofMillis(200));
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.become(1, Exec.HANGS);
        awaitVerdict(1, Verdict.UNVERIFIED);
        engine.restart(1, Exec.HANGS);
        await(
                "anew",
                () ->
                        of(1).filter(c ->
                                        c.paths().stream()
                                                .allMatch(p -> p.observations().isEmpty()))
                                .isPresent());
    }

    private long excludedCount() {
        return board().report().excludedCount();
    }

    @Test
    void pauseContainersAreCountedAndNotLookedAt() {
        engine.runSandbox(1);
        engine.run(2, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(2, Verdict.COMPLIANT);
        await("counted", () -> excludedCount() == 1);
        engine.runSandbox(3);
        await("counted", () -> excludedCount() == 2);
        assertThat(board().report().containers()).hasSize(1);
        assertThat(engine.count("exec")).isEqualTo(1);
        engine.end(1);
        await("gone", () -> excludedCount() == 1);
        engine.rename(3, "web");
        await("probed", () -> drifted(3));
        assertThat(excludedCount()).isZero();
        engine.rename(3, "k8s_POD_3");
        await("excluded", () -> excludedCount() == 1 && of(3).isEmpty());
    }

    @Test
    void aCycleAsksTheEngineForTheListAloneIfNothingChanged() {
        engine.run(1, Exec.READ_ONLY);
        follow(Duration.ofMillis(50), NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        await("some cycles", () -> engine.count("list") > 3);
        long inspects = engine.count("inspect");
        long lists = engine.count("list");
        await("some more", () -> engine.count("list") > lists + 5);

        assertThat(engine.count("inspect")).isEqualTo(inspects);
    }

    @Test
    void aPauseContainerIsInspectedOnceAndRememberedByItsId() {
        engine.runSandbox(1);
        engine.run(2, Exec.READ_ONLY);
        follow(Duration.ofMillis(50), NEVER);
        await("counted", () -> excludedCount() == 1);
        await("some cycles", () -> engine.count("list") > 5);
        assertThat(engine.count("inspect " + ScriptedEngine.id(1))).isLessThanOrEqualTo(2);
        assertThat(board().report().engines().getFirst().excluded())
                .containsExactly(
                        new ExcludedContainer(
                                ScriptedEngine.id(1),
                                "k8s_POD_1",
                                ExcludedContainer.Reason.POD_SANDBOX));
    }

    @Test
    void fakedPauseContainerIsJudged() {
        engine.powerful(1);
        engine.runSandbox(1);
        follow(Duration.ofMillis(50), NEVER);
        await("judged", () -> drifted(1));
        await("some cycles", () -> engine.count("list") > 3);
        assertThat(excludedCount()).isZero();
        assertThat(drifted(1)).isTrue();
    }

    private String unproved(int number) {
        return of(number).map(c -> String.join("; ", c.unproved())).orElse("");
    }

    @Test
    void whatRestartsAgainAndAgainStaysAndIsUnverified() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.waitToRestart(1, 1, 3);
        await(
                "reported",
                () -> unproved(1).contains("(1 time so far, the last time after exit code 3)"));
        assertThat(has(1, Verdict.UNVERIFIED)).isTrue();
        long probes = engine.count("exec");
        engine.startAgain(1, 1, Exec.READ_ONLY, Duration.ofMillis(700));
        await("probed", () -> engine.count("exec") > probes);
        assertThat(has(1, Verdict.UNVERIFIED)).isTrue();
        assertThat(unproved(1)).contains("after exit code 3");
        engine.settled(1);
        awaitVerdict(1, Verdict.COMPLIANT);
        assertThat(unproved(1)).isEmpty();
    }

    @Test
    void whatRestartsMayStillBeViolating() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.startAgain(1, 1, Exec.WRITABLE, Duration.ofMinutes(1));
        await("found", () -> drifted(1));
        engine.waitToRestart(1, 2, 0);
        await("reported", () -> unproved(1).contains("2 times"));
        assertThat(has(1, Verdict.VIOLATING)).isTrue();
    }

    @Test
    void resultsOfAnEarlierStartDoNotCountOnceItHasSettled() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.waitToRestart(1, 1, 0);
        await("waits", () -> has(1, Verdict.UNVERIFIED));
        engine.startAgain(1, 1, Exec.HANGS, Duration.ofMillis(200));
        engine.settled(1);
        await("settled", () -> !unproved(1).contains("restarts"));
        assertThat(has(1, Verdict.UNVERIFIED)).isTrue();
    }

    @Test
    void removedRestartingContainerLeavesTheReport() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.waitToRestart(1, 1, 0);
        await("waits", () -> has(1, Verdict.UNVERIFIED));
        engine.end(1);
        await("gone", () -> of(1).isEmpty());
        awaitVerdict(2, Verdict.COMPLIANT);
    }

    /// On Kubernetes. The engine still knows the one that waited.
    @Test
    void theContainerOfARestartReplacesTheOneThatWaited() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.waitToRestart(1, 1, 3);
        engine.waitToRestart(2, 1, 3);
        await("waits", () -> has(1, Verdict.UNVERIFIED) && has(2, Verdict.UNVERIFIED));

        engine.startAgain(3, "c1", 2, Exec.READ_ONLY, Duration.ofMinutes(1));
        await("replaced", () -> of(1).isEmpty());
        assertThat(of(2)).isPresent();
        assertThat(has(3, Verdict.UNVERIFIED)).isTrue();
    }

    @Test
    void aPassEndsThoughOneWaitsToBeStartedAgain() {
        engine.run(1, Exec.READ_ONLY);
        engine.waitToRestart(1, 4, 1);
        engine.run(2, Exec.READ_ONLY);
        follow(Duration.ofMillis(50), Duration.ofMillis(50));
        awaitVerdict(2, Verdict.COMPLIANT);
        await("cycles", () -> Collections.frequency(calls, "cycle completed") > 3);
        assertThat(has(1, Verdict.UNVERIFIED)).isTrue();
        assertThat(engine.calls).doesNotContain("exec " + ScriptedEngine.id(1));
    }

    @Test
    void uninspectableContainerDoesNotAffectOthers() {
        engine.run(1, Exec.READ_ONLY);
        engine.run(2, Exec.READ_ONLY);
        engine.unreadable(1, true);
        follow(Duration.ofMillis(50), NEVER);
        awaitVerdict(2, Verdict.COMPLIANT);
        awaitVerdict(1, Verdict.UNVERIFIED);
        assertThat(unproved(1)).isEqualTo("the engine could not inspect it: it is too long");
        await("cycles", () -> engine.count("list") > 3);
        assertThat(board().report().engines()).allMatch(EngineReport::isUp);
        engine.unreadable(1, false);
        awaitVerdict(1, Verdict.COMPLIANT);
    }

    @Test
    void whatCannotBeInspectedAnyMoreIsUnverified() {
        engine.run(1, Exec.READ_ONLY);
        follow(NEVER, NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        engine.unreadable(1, true);
        engine.tell(Engine.Action.UPDATE, 1);
        awaitVerdict(1, Verdict.UNVERIFIED);
        assertThat(unproved(1)).contains("could not inspect it");
        engine.unreadable(1, false);
        engine.tell(Engine.Action.UPDATE, 1);
        awaitVerdict(1, Verdict.COMPLIANT);
    }

    @Test
    void anEntryOfTheListThatCannotBeReadIsARowOfItsOwn() {
        engine.run(1, Exec.READ_ONLY);
        engine.unreadableEntries(2);
        follow(Duration.ofMillis(50), NEVER);
        awaitVerdict(1, Verdict.COMPLIANT);
        await("reported", () -> board().report().containers().size() == 2);
        assertThat(board().report().containers().getFirst().unproved().getFirst())
                .contains("2 entries without an id");
        engine.unreadableEntries(0);
        await("over", () -> board().report().containers().size() == 1);
    }

    @Test
    void pauseContainersAreLookedAtWhereThatIsWanted() {
        engine.runSandbox(1);
        follow(NEVER, NEVER);
        await("counted", () -> excludedCount() == 1);
        ProbeSettings probing = settings(NEVER, NEVER, 4).probing();
        MonitorSettings all =
                new MonitorSettings(
                        probing.toBuilder().podSandboxes(true).build(),
                        Policy.DEFAULT,
                        NEVER,
                        NEVER);
        monitor.reconfigure(all, List.of(new ScriptedEngine("unix:///one")));
        await("probed", () -> drifted(1));
        assertThat(excludedCount()).isZero();
    }
}
