package io.github.writeprobe.cycle;

import io.github.writeprobe.cycle.Engine.Identified;
import io.github.writeprobe.cycle.Engine.Inspected;
import io.github.writeprobe.cycle.Engine.Listed;
import io.github.writeprobe.judge.Judge;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// The part of a pass that concerns one engine.
final class EngineVisit {
    private final Engine engine;
    private final Selection selection;
    private final Judge judge;
    private final Witnesses witnesses;
    private final Semaphore places;
    private final Tally tally;
    private final boolean podSandboxes;
    private int leftOut;

    /// @param podSandboxes whether pause containers are looked at without being asked for by name
    /// @param places bounds how many containers are worked on at once, over all engines
    EngineVisit(
            Engine engine,
            Selection selection,
            Judge judge,
            Witnesses witnesses,
            Semaphore places,
            Tally tally,
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

        record Judged(ContainerReport report) implements Looked {}
    }

    private record Errand(String reference, Future<Looked> looked) {}

    /// An engine that stops answering half-way keeps what it said so far, and is reported as not
    /// answering.
    Outcome make(ExecutorService threads) throws InterruptedException {
        Optional<Identified> identified = Optional.empty();
        Optional<String> trouble = Optional.empty();
        List<ContainerReport> reports = new ArrayList<>();
        List<String> known = new ArrayList<>();
        List<String> notRunning = new ArrayList<>();
        try {
            identified = Optional.of(engine.identify());
            witnesses.sweep();
            for (Errand errand : errands(threads)) {
                try {
                    switch (Futures.await(errand.looked())) {
                        case Looked.Unknown() -> {}
                        case Looked.NotRunning() -> {
                            known.add(errand.reference());
                            notRunning.add(errand.reference());
                        }
                        case Looked.Judged(ContainerReport report) -> {
                            known.add(errand.reference());
                            reports.add(report);
                        }
                    }
                } catch (EngineUnavailable e) {
                    trouble = Optional.of(trouble.orElse(e.line()));
                }
                tally.finished();
            }
        } catch (EngineUnavailable e) {
            trouble = Optional.of(e.line());
        }
        return new Outcome(
                new EngineReport(
                        engine.host(),
                        identified.map(Identified::version).orElse(""),
                        identified.map(Identified::apiVersion).orElse(""),
                        leftOut,
                        trouble),
                distinct(reports),
                known,
                notRunning);
    }

    private List<Errand> errands(ExecutorService threads)
            throws EngineUnavailable, InterruptedException {
        List<Listed> listed = engine.list(Map.of());
        Set<String> shared = shared(listed);
        List<Errand> errands = new ArrayList<>();
        for (String reference : references(listed)) {
            tally.expected();
            errands.add(new Errand(reference, threads.submit(() -> look(reference, shared))));
        }
        return errands;
    }

    private List<String> references(List<Listed> listed)
            throws EngineUnavailable, InterruptedException {
        if (!selection.references().isEmpty()) {
            return selection.references().stream().distinct().toList();
        }
        List<Listed> chosen =
                selection.filters().isEmpty() ? listed : engine.list(selection.filters());
        List<Listed> looked = chosen.stream().filter(c -> podSandboxes || !c.podSandbox()).toList();
        leftOut = chosen.size() - looked.size();
        return looked.stream().map(Listed::id).toList();
    }

    private Looked look(String reference, Set<String> shared)
            throws EngineUnavailable, InterruptedException {
        places.acquire();
        try {
            Optional<Inspected> inspected = engine.inspect(reference);
            if (inspected.isEmpty()) {
                return new Looked.Unknown();
            }
            if (!inspected.get().running()) {
                return new Looked.NotRunning();
            }
            Container container = inspected.get().container();
            return new Looked.Judged(
                    judge.judge(
                            container,
                            witnesses
                                    .testimonies(
                                            container,
                                            witnesses.paths(container, judge.pathsOf(container)))
                                    .all(),
                            shared));
        } finally {
            places.release();
        }
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
