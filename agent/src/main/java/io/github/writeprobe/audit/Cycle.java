package io.github.writeprobe.audit;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.judge.SharedFilesystemAnnotator;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.ProbeSettings;
import io.github.writeprobe.probing.WitnessRunner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// One cycle: each engine lists its containers, each container is inspected, probed and judged, and
/// a report results.
///
/// A slow container, or an engine that does not answer, delays the others by no more than its own
/// time-out.
public final class Cycle {
    private final ProbeSettings probeSettings;
    private final Policy policy;
    private final Clock clock;
    private final String toolVersion;
    private final ProcfsWitness procfs;

    public Cycle(
            ProbeSettings probeSettings,
            Policy policy,
            Clock clock,
            String toolVersion,
            ProcfsWitness procfs) {
        this.probeSettings = probeSettings;
        this.policy = policy;
        this.clock = clock;
        this.toolVersion = toolVersion;
        this.procfs = procfs;
    }

    /// The result of a cycle.
    ///
    /// @param unknown references that no engine knows
    /// @param notRunning references to containers that exist but do not run
    public record Result(Report report, List<String> unknown, List<String> notRunning) {}

    /// Runs one cycle.
    ///
    /// @throws InterruptedException if the caller is interrupted; work in progress is cancelled
    ///   then
    public Result run(
            List<Engine> engines, AuditContainerCriteria selection, ProgressListener progress)
            throws InterruptedException {
        Instant started = clock.instant();
        long startNanos = System.nanoTime();
        Judge judge = new Judge(policy, LocalDate.now(clock));
        Semaphore probePermits = new Semaphore(probeSettings.concurrency());
        ProgressCounter progressCounter = new ProgressCounter(progress);
        List<EngineCycle.EngineOutcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<EngineCycle.EngineOutcome>> futures = new ArrayList<>();
                for (Engine engine : engines) {
                    EngineCycle engineCycle =
                            new EngineCycle(
                                    engine,
                                    selection,
                                    judge,
                                    new WitnessRunner(probeSettings, engine, procfs),
                                    probePermits,
                                    progressCounter,
                                    probeSettings.podSandboxes());
                    futures.add(threads.submit(() -> engineCycle.run(threads)));
                }
                for (Future<EngineCycle.EngineOutcome> future : futures) {
                    outcomes.add(Futures.await(future));
                }
            } catch (EngineUnavailable e) {
                throw new IllegalStateException("EngineCycle reports this by value", e);
            } finally {
                threads.shutdownNow();
            }
        }
        Report report =
                new Report(
                        toolVersion,
                        outcomes.stream().map(EngineCycle.EngineOutcome::engine).toList(),
                        started,
                        Duration.ofNanos(System.nanoTime() - startNanos),
                        SharedFilesystemAnnotator.annotate(
                                outcomes.stream()
                                        .flatMap(outcome -> outcome.containers().stream())
                                        .toList()));
        Set<String> known =
                outcomes.stream()
                        .flatMap(outcome -> outcome.known().stream())
                        .collect(Collectors.toSet());
        return new Result(
                report,
                selection.references().stream().filter(r -> !known.contains(r)).toList(),
                outcomes.stream()
                        .flatMap(outcome -> outcome.notRunning().stream())
                        .distinct()
                        .toList());
    }
}
