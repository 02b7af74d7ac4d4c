package io.github.writeprobe.cycle;

import io.github.writeprobe.cycle.Engine.Identified;
import io.github.writeprobe.cycle.Engine.Inspected;
import io.github.writeprobe.cycle.Engine.Listed;
import io.github.writeprobe.cycle.Engine.Listing;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.LeftOut;
import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ProbeResult;
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

/// The part of a pass that concerns one engine.
final class EngineCycle {
    private final Engine engine;
    private final Selection selection;
    private final Judge judge;
    private final Witnesses witnesses;
    private final Semaphore places;
    private final ProgressCounter tally;
    private final boolean podSandboxes;
    private final MemoryBudget budget = MemoryBudget.ofDeclarations();
    private int unreadable;

    /// @param podSandboxes whether pause containers are looked at without being asked for by name
    /// @param places bounds how many containers are worked on at once, over all engines
    EngineCycle(
            Engine engine,
            Selection selection,
            Judge judge,
            Witnesses witnesses,
            Semaphore places,
            ProgressCounter tally,
            boolean podSandboxes) {
        this.engine = engine;
        this.selection = selection;
        this.judge = judge;
        this.witnesses = witnesses;
        this.places = places;
        this.tally = tally;
        this.podSandboxes = podSandboxes;
    }

    /// What one engine said.
    ///
    /// @param known references of the selection that this engine knows
    record Outcome(
            EngineReport engine,
            List<ContainerReport> containers,
            List<String> known,
            List<String> notRunning) {}

    /// What came of one reference.
    private sealed interface Looked {
        record Unknown() implements Looked {}

        record NotRunning() implements Looked {}

        /// @param container that was not judged, and need not be
        record NotJudged(LeftOut container) implements Looked {}

        /// @param answered whether the engine had an answer to all that it was asked about it
        record Judged(ContainerReport report, boolean answered) implements Looked {}
    }

    /// What to look at.
    ///
    /// @param named whether a person asked for it by its name; then it is judged whatever it is
    /// @param listed what the list says of it; empty if it is not in there
    private record Wanted(String reference, boolean named, Optional<Listed> listed) {}

    private record InspectTask(Wanted wanted, Future<Looked> looked) {}

    /// An engine that stops answering half-way keeps what it said so far, and is reported as not
    /// answering. One that has no answer about a single container is not.
    Outcome make(ExecutorService threads) throws InterruptedException {
        Optional<Identified> identified = Optional.empty();
        Optional<String> trouble = Optional.empty();
        List<ContainerReport> reports = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        List<String> known = new ArrayList<>();
        List<String> notRunning = new ArrayList<>();
        boolean answered = true;
        try {
            identified = Optional.of(engine.identify());
            witnesses.sweep();
            for (InspectTask task : tasks(threads)) {
                String reference = task.wanted().reference();
                try {
                    switch (Futures.await(task.looked())) {
                        case Looked.Unknown() -> {}
                        case Looked.NotRunning() -> {
                            known.add(reference);
                            notRunning.add(reference);
                        }
                        case Looked.NotJudged(LeftOut container) -> {
                            known.add(reference);
                            leftOut.add(container);
                        }
                        case Looked.Judged(ContainerReport report, boolean all) -> {
                            known.add(reference);
                            reports.add(report);
                            answered &= all;
                        }
                    }
                } catch (EngineUnavailable e) {
                    trouble = Optional.of(trouble.orElse(e.line()));
                }
                tally.finished();
            }
            if (!answered) {
                engine.identify();
            }
        } catch (EngineUnavailable e) {
            trouble = Optional.of(trouble.orElse(e.line()));
        }
        reports.addAll(UnreadableContainers.reports(engine.host(), unreadable));
        return new Outcome(
                new EngineReport(
                        engine.host(),
                        identified.map(Identified::version).orElse(""),
                        identified.map(Identified::apiVersion).orElse(""),
                        leftOut.stream().sorted(Comparator.comparing(LeftOut::name)).toList(),
                        trouble),
                distinct(reports),
                known,
                notRunning);
    }

    private List<InspectTask> tasks(ExecutorService threads)
            throws EngineUnavailable, InterruptedException {
        Listing all = engine.list(Map.of());
        Set<String> shared = shared(all.containers());
        List<InspectTask> tasks = new ArrayList<>();
        for (Wanted wanted : wanted(all)) {
            tally.expected();
            tasks.add(new InspectTask(wanted, threads.submit(() -> look(wanted, shared))));
        }
        return tasks;
    }

    private List<Wanted> wanted(Listing all) throws EngineUnavailable, InterruptedException {
        if (!selection.references().isEmpty()) {
            return selection.references().stream()
                    .distinct()
                    .map(r -> new Wanted(r, true, listed(r, all.containers())))
                    .toList();
        }
        Listing chosen = selection.filters().isEmpty() ? all : engine.list(selection.filters());
        unreadable = chosen.unreadable();
        return chosen.containers().stream()
                .map(c -> new Wanted(c.id(), false, Optional.of(c)))
                .toList();
    }

    private static Optional<Listed> listed(String reference, List<Listed> listed) {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        Optional<Listed> exact =
                listed.stream()
                        .filter(c -> c.id().equals(name) || c.name().equals(name))
                        .findFirst();
        List<Listed> prefixed = listed.stream().filter(c -> c.id().startsWith(name)).toList();
        return exact.isPresent() || prefixed.size() != 1 ? exact : Optional.of(prefixed.getFirst());
    }

    private Looked look(Wanted wanted, Set<String> shared)
            throws EngineUnavailable, InterruptedException {
        places.acquire();
        try {
            Optional<Inspected> inspected = engine.inspect(wanted.reference());
            if (inspected.isEmpty()) {
                return new Looked.Unknown();
            }
            Container container = inspected.get().container();
            Optional<LeftOut.Reason> reason = inspected.get().leftOut().filter(this::leavesOut);
            if (reason.isPresent() && !wanted.named()) {
                return new Looked.NotJudged(
                        new LeftOut(container.id(), container.name(), reason.get()));
            }
            if (!inspected.get().running() && inspected.get().restarts().isEmpty()) {
                return new Looked.NotRunning();
            }
            if (!budget.take(container.id(), Weights.of(container))) {
                Container little =
                        Container.unread(container.id(), container.name(), engine.host());
                return new Looked.Judged(
                        ContainerReport.unread(little, Weights.TOO_MUCH_DECLARED), true);
            }
            return judged(wanted, inspected.get(), shared);
        } catch (EngineUnavailable e) {
            Listed listed = wanted.listed().orElseThrow(() -> e);
            return new Looked.Judged(
                    ContainerReport.unread(
                            Container.unread(listed.id(), listed.name(), engine.host()),
                            "the engine could not inspect it: " + e.line()),
                    false);
        } finally {
            places.release();
        }
    }

    private boolean leavesOut(LeftOut.Reason reason) {
        return switch (reason) {
            case POD_SANDBOX -> !podSandboxes;
            case HELPER -> true;
        };
    }

    private Looked judged(Wanted wanted, Inspected inspected, Set<String> shared)
            throws InterruptedException {
        Container container = inspected.container();
        List<ProbeResult> testimonies = List.of();
        Optional<String> trouble = Optional.empty();
        if (inspected.running()) {
            try {
                testimonies =
                        witnesses
                                .testimonies(
                                        container,
                                        witnesses.paths(container, judge.pathsOf(container)))
                                .all();
                if (ofAnother(wanted) && ended(testimonies)) {
                    if (engine.inspect(container.id()).isEmpty()) {
                        return new Looked.Unknown();
                    }
                }
            } catch (EngineUnavailable e) {
                trouble = Optional.of("it could not be probed: " + e.line());
            }
        }
        ContainerReport report = judge.judge(container, testimonies, shared);
        if (trouble.isPresent()) {
            report = report.doubted(trouble.get());
        }
        if (inspected.restarts().isPresent()) {
            report = report.doubted(inspected.restarts().get().sentence());
        }
        return new Looked.Judged(report, trouble.isEmpty());
    }

    /// Whether it may be a helper of another writeprobe, which has power for some seconds and is
    /// judged for that. Once it is gone, nobody misses it.
    private static boolean ofAnother(Wanted wanted) {
        return !wanted.named()
                && wanted.listed()
                        .flatMap(Listed::candidate)
                        .filter(reason -> reason == LeftOut.Reason.HELPER)
                        .isPresent();
    }

    private static boolean ended(List<ProbeResult> testimonies) {
        return testimonies.stream()
                .flatMap(t -> t.trouble().stream())
                .anyMatch(t -> t.cause() == Cause.NOT_RUNNING || t.cause() == Cause.GONE);
    }

    private static Set<String> shared(List<Listed> listed) {
        Set<String> once = new HashSet<>();
        Set<String> more = new HashSet<>();
        for (Listed container : listed) {
            for (String source : new HashSet<>(container.mountSources())) {
                if (!once.add(source)) {
                    more.add(source);
                }
            }
        }
        return more;
    }

    /// Two references may name one container.
    private static List<ContainerReport> distinct(List<ContainerReport> reports) {
        Set<String> seen = new HashSet<>();
        return reports.stream().filter(r -> seen.add(r.container().id())).toList();
    }
}
