package io.github.writeprobe.audit;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.Engine.Identified;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.engine.Engine.Listing;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.UnreadableContainerIds;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probing.UntrustedDataBudget;
import io.github.writeprobe.probing.UntrustedDataSizeEstimator;
import io.github.writeprobe.probing.WitnessRunner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// The part of a cycle that concerns one engine.
final class EngineCycle {
    private final Engine engine;
    private final AuditContainerCriteria selection;
    private final Judge judge;
    private final WitnessRunner witnesses;
    private final Semaphore probePermits;
    private final ProgressCounter progressCounter;
    private final boolean podSandboxes;
    private final UntrustedDataBudget budget = UntrustedDataBudget.forDeclarations();
    private int unreadableCount;

    /// @param podSandboxes whether pause containers are judged even if they are not selected by
    ///   name
    /// @param probePermits limits how many containers are processed at once, over all engines
    EngineCycle(
            Engine engine,
            AuditContainerCriteria selection,
            Judge judge,
            WitnessRunner witnesses,
            Semaphore probePermits,
            ProgressCounter progressCounter,
            boolean podSandboxes) {
        this.engine = engine;
        this.selection = selection;
        this.judge = judge;
        this.witnesses = witnesses;
        this.probePermits = probePermits;
        this.progressCounter = progressCounter;
        this.podSandboxes = podSandboxes;
    }

    /// The results of one engine.
    ///
    /// @param known references of the selection that this engine knows
    record EngineOutcome(
            EngineReport engine,
            List<ContainerReport> containers,
            List<String> known,
            List<String> notRunning) {}

    /// The result for one reference.
    private sealed interface ContainerOutcome {
        record Unknown() implements ContainerOutcome {}

        record NotRunning() implements ContainerOutcome {}

        /// @param container that was not judged, and need not be
        record NotJudged(ExcludedContainer container) implements ContainerOutcome {}

        /// @param answered whether the engine answered every request about the container
        record Judged(ContainerReport report, boolean answered) implements ContainerOutcome {}
    }

    /// A container to inspect.
    ///
    /// @param named whether the user selected it by name; then it is judged whatever it is
    /// @param listed its entry in the engine's list; empty if it has none
    private record Target(String reference, boolean named, Optional<Listed> listed) {}

    private record InspectTask(Target target, Future<ContainerOutcome> outcome) {}

    /// Processes the selected containers. If the engine stops answering half-way, the results so
    /// far are kept, and the engine is reported as not answering. If it fails to answer about a
    /// single container, it is not.
    EngineOutcome run(ExecutorService threads) throws InterruptedException {
        Optional<Identified> identified = Optional.empty();
        Optional<String> failure = Optional.empty();
        List<ContainerReport> reports = new ArrayList<>();
        List<ExcludedContainer> excluded = new ArrayList<>();
        List<String> known = new ArrayList<>();
        List<String> notRunning = new ArrayList<>();
        boolean answered = true;
        try {
            identified = Optional.of(engine.identify());
            witnesses.removeStaleResources();
            for (InspectTask task : submitTasks(threads)) {
                String reference = task.target().reference();
                try {
                    switch (Futures.await(task.outcome())) {
                        case ContainerOutcome.Unknown() -> {}
                        case ContainerOutcome.NotRunning() -> {
                            known.add(reference);
                            notRunning.add(reference);
                        }
                        case ContainerOutcome.NotJudged(ExcludedContainer container) -> {
                            known.add(reference);
                            excluded.add(container);
                        }
                        case ContainerOutcome.Judged(ContainerReport report, boolean complete) -> {
                            known.add(reference);
                            reports.add(report);
                            answered &= complete;
                        }
                    }
                } catch (EngineUnavailable e) {
                    failure = Optional.of(failure.orElse(e.line()));
                }
                progressCounter.addFinished();
            }
            if (!answered) {
                engine.identify();
            }
        } catch (EngineUnavailable e) {
            failure = Optional.of(failure.orElse(e.line()));
        }
        reports.addAll(UnreadableContainerIds.reports(engine.host(), unreadableCount));
        return new EngineOutcome(
                new EngineReport(
                        engine.host(),
                        identified.map(Identified::version).orElse(""),
                        identified.map(Identified::apiVersion).orElse(""),
                        excluded.stream()
                                .sorted(Comparator.comparing(ExcludedContainer::name))
                                .toList(),
                        failure),
                distinct(reports),
                known,
                notRunning);
    }

    private List<InspectTask> submitTasks(ExecutorService threads)
            throws EngineUnavailable, InterruptedException {
        Listing listing = engine.list(Map.of());
        Set<String> shared = sharedSources(listing.containers());
        List<InspectTask> tasks = new ArrayList<>();
        for (Target target : targets(listing)) {
            progressCounter.addExpected();
            tasks.add(
                    new InspectTask(target, threads.submit(() -> inspectAndProbe(target, shared))));
        }
        return tasks;
    }

    private List<Target> targets(Listing listing) throws EngineUnavailable, InterruptedException {
        if (!selection.references().isEmpty()) {
            return selection.references().stream()
                    .distinct()
                    .map(r -> new Target(r, true, find(r, listing.containers())))
                    .toList();
        }
        Listing chosen = selection.filters().isEmpty() ? listing : engine.list(selection.filters());
        unreadableCount = chosen.unreadable();
        return chosen.containers().stream()
                .map(c -> new Target(c.id(), false, Optional.of(c)))
                .toList();
    }

    private static Optional<Listed> find(String reference, List<Listed> listed) {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        Optional<Listed> exact =
                listed.stream()
                        .filter(c -> c.id().equals(name) || c.name().equals(name))
                        .findFirst();
        List<Listed> prefixed = listed.stream().filter(c -> c.id().startsWith(name)).toList();
        return exact.isPresent() || prefixed.size() != 1 ? exact : Optional.of(prefixed.getFirst());
    }

    private ContainerOutcome inspectAndProbe(Target target, Set<String> shared)
            throws EngineUnavailable, InterruptedException {
        probePermits.acquire();
        try {
            Optional<Inspected> inspected = engine.inspect(target.reference());
            if (inspected.isEmpty()) {
                return new ContainerOutcome.Unknown();
            }
            Container container = inspected.get().container();
            Optional<ExcludedContainer.Reason> reason =
                    inspected
                            .get()
                            .exclusion()
                            .filter(this::isExcluded)
                            .or(() -> OwnContainerExclusion.reason(container));
            if (reason.isPresent() && !target.named()) {
                return new ContainerOutcome.NotJudged(
                        new ExcludedContainer(container.id(), container.name(), reason.get()));
            }
            if (!inspected.get().running() && inspected.get().restarts().isEmpty()) {
                return new ContainerOutcome.NotRunning();
            }
            if (!budget.tryAcquire(container.id(), UntrustedDataSizeEstimator.of(container))) {
                Container unreadable =
                        Container.unreadable(container.id(), container.name(), engine.host());
                return new ContainerOutcome.Judged(
                        ContainerReport.unreadable(
                                unreadable, UntrustedDataSizeEstimator.TOO_MUCH_DECLARED),
                        true);
            }
            return probeAndJudge(target, inspected.get(), shared);
        } catch (EngineUnavailable e) {
            Listed listed = target.listed().orElseThrow(() -> e);
            return new ContainerOutcome.Judged(
                    ContainerReport.unreadable(
                            Container.unreadable(listed.id(), listed.name(), engine.host()),
                            "the engine could not inspect it: " + e.line()),
                    false);
        } finally {
            probePermits.release();
        }
    }

    private boolean isExcluded(ExcludedContainer.Reason reason) {
        return switch (reason) {
            case POD_SANDBOX -> !podSandboxes;
            case HELPER, SELF -> true;
        };
    }

    private ContainerOutcome probeAndJudge(Target target, Inspected inspected, Set<String> shared)
            throws InterruptedException {
        Container container = inspected.container();
        List<ProbeResult> results = List.of();
        Optional<String> failure = Optional.empty();
        if (inspected.running()) {
            try {
                results =
                        witnesses
                                .probe(
                                        container,
                                        witnesses.paths(container, judge.pathsToProbe(container)))
                                .all();
                if (mayBeForeignHelper(target) && hasEnded(results)) {
                    if (engine.inspect(container.id()).isEmpty()) {
                        return new ContainerOutcome.Unknown();
                    }
                }
            } catch (EngineUnavailable e) {
                failure = Optional.of("it could not be probed: " + e.line());
            }
        }
        ContainerReport report = judge.judge(container, results, shared);
        if (failure.isPresent()) {
            report = report.withUnproved(failure.get());
        }
        if (inspected.restarts().isPresent()) {
            report = report.withUnproved(inspected.restarts().get().message());
        }
        return new ContainerOutcome.Judged(report, failure.isEmpty());
    }

    /// Whether the container may be a helper of another writeprobe. Such a helper has power for
    /// some seconds and is judged for that. If it is gone by then, it is not reported.
    private static boolean mayBeForeignHelper(Target target) {
        return !target.named()
                && target.listed()
                        .flatMap(Listed::possibleExclusion)
                        .filter(reason -> reason == ExcludedContainer.Reason.HELPER)
                        .isPresent();
    }

    private static boolean hasEnded(List<ProbeResult> results) {
        return results.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t ->
                        t.cause() == InconclusiveCause.NOT_RUNNING
                                || t.cause() == InconclusiveCause.GONE);
    }

    private static Set<String> sharedSources(List<Listed> listed) {
        Set<String> seen = new HashSet<>();
        Set<String> shared = new HashSet<>();
        for (Listed container : listed) {
            for (String source : new HashSet<>(container.mountSources())) {
                if (!seen.add(source)) {
                    shared.add(source);
                }
            }
        }
        return shared;
    }

    /// Two references may name the same container.
    private static List<ContainerReport> distinct(List<ContainerReport> reports) {
        Set<String> seen = new HashSet<>();
        return reports.stream().filter(r -> seen.add(r.container().id())).toList();
    }
}
