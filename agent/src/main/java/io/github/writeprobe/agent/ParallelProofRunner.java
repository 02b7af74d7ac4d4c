package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.writes.WriteObserver;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.Proposer;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.recommend.prove.Prover;
import io.github.writeprobe.recommend.prove.Prover.Trial;
import io.github.writeprobe.recommend.prove.ShellExercise;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// Runs the proofs of proposals, those of one Compose project together. An early stop keeps the
/// proofs that are complete.
final class ParallelProofRunner {
    private static final String STOPPED = "the proof was stopped before it had a result";

    private static final String NO_CLONES =
            "a container runtime of Kubernetes makes no clones, because the kubelet removes"
                    + " containers that it did not start. Apply the proposal to a copy of the workload"
                    + " in another namespace, use the copy, and check it with writeprobe audit; or run"
                    + " the image with Docker or Podman, and prove it there";

    private final Configuration configuration;
    private final Proposer proposer;
    private final RecommendRunner.ProofOptions proofOptions;
    private final List<Engine> engines;
    private final RecommendRunner.Progress progress;
    private final Map<String, ProofResult> proofs = new ConcurrentHashMap<>();

    ParallelProofRunner(
            Configuration configuration,
            Proposer proposer,
            RecommendRunner.ProofOptions proofOptions,
            List<Engine> engines,
            RecommendRunner.Progress progress) {
        this.configuration = configuration;
        this.proposer = proposer;
        this.proofOptions = proofOptions;
        this.engines = engines;
        this.progress = progress;
    }

    /// @param earlyStop ends the proofs early
    /// @return a proof for each trial, in the same order
    /// @throws InterruptedException if the caller was interrupted other than by `earlyStop`; no
    ///   clone is left then
    List<ProofResult> prove(List<Trial> trials, StepInterrupter earlyStop)
            throws InterruptedException {
        earlyStop.begin(Thread.currentThread()::interrupt);
        try {
            proveAll(trials);
        } catch (InterruptedException e) {
            if (!earlyStop.finish()) {
                throw e;
            }
        }
        if (earlyStop.finish()) {
            // The interrupt may have arrived after the last proof: clear it.
            Thread.interrupted();
        }
        return trials.stream()
                .map(t -> proofs.getOrDefault(containerId(t), undecided(t, STOPPED)))
                .toList();
    }

    /// Proves as many groups in parallel as containers are probed in parallel.
    private void proveAll(List<Trial> trials) throws InterruptedException {
        Semaphore permits = new Semaphore(configuration.probe().settings().concurrency());
        try (ProcfsWitness procfs =
                        ComponentFactory.procfsWitness(configuration.probe().settings());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<?>> tasks = new ArrayList<>();
                for (List<Trial> group : groupByProject(trials)) {
                    tasks.add(
                            threads.submit(() -> {
                                permits.acquire();
                                try {
                                    proveGroup(group, procfs, trials.size());
                                } finally {
                                    permits.release();
                                }
                                return null;
                            }));
                }
                for (Future<?> task : tasks) {
                    task.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                // Each task removes its clones; closing the executor waits for that.
                threads.shutdownNow();
            }
        }
    }

    private void proveGroup(List<Trial> group, ProcfsWitness procfs, int total)
            throws InterruptedException {
        Engine connected =
                ComponentFactory.engineOf(
                        group.getFirst().observed().subject().container(), engines);
        CloneAudit audit =
                new CloneAudit(configuration, connected, procfs, LocalDate.now(Clock.systemUTC()));
        Optional<CloneEnvironmentFactory> cloneEnvironments =
                connected.ability(CloneEnvironmentFactory.class);
        if (cloneEnvironments.isEmpty()) {
            group.forEach(trial -> proofs.put(containerId(trial), undecided(trial, NO_CLONES)));
            return;
        }
        List<ProofResult> results =
                new Prover(
                                cloneEnvironments.get(),
                                proposer::propose,
                                proofOptions.exercise().map(ShellExercise::new),
                                new Prover.CloneChecks(
                                        ParallelProofRunner::openFiles, audit::driftMessages),
                                proofOptions.limits(),
                                step -> progress.reportProof(proofs.size(), total, step))
                        .prove(group);
        for (int i = 0; i < group.size(); i++) {
            proofs.put(containerId(group.get(i)), results.get(i));
        }
    }

    /// Files that a clone has open for writing, deleted ones included, which no diff shows. Empty
    /// if its processes cannot be observed; the read-only clone then shows what was missed.
    private static List<WrittenFile> openFiles(ProposalTarget clone) throws InterruptedException {
        Container container = clone.container();
        try (WriteObserver observer = WriteObserver.start(container.pid(), container.id(), false)) {
            return observer.stop().written().stream().filter(WrittenFile::openForWriting).toList();
        }
    }

    /// Groups of trials whose containers may depend on each other.
    private static List<List<Trial>> groupByProject(List<Trial> trials) {
        Map<List<String>, List<Trial>> groups =
                trials.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ParallelProofRunner::groupKey,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        return List.copyOf(groups.values());
    }

    private static String containerId(Trial trial) {
        return trial.observed().subject().container().id();
    }

    private static List<String> groupKey(Trial trial) {
        Container container = trial.observed().subject().container();
        String project = container.workload().composeProject();
        return List.of(container.engine(), project, project.isEmpty() ? container.id() : "");
    }

    private ProofResult undecided(Trial trial, String reason) {
        boolean health = trial.observed().subject().healthCheck();
        return new ProofResult(
                ProofResult.Outcome.UNDECIDED,
                reason,
                List.of(),
                trial.proposal(),
                proofOptions.exercise().isPresent()
                        ? ProofResult.Exercise.COMMAND
                        : health ? ProofResult.Exercise.HEALTH_CHECK : ProofResult.Exercise.START,
                Duration.ZERO,
                Optional.empty(),
                List.of(),
                List.of());
    }
}
