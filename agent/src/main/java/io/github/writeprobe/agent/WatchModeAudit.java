package io.github.writeprobe.agent;

import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.OwnContainerExclusion;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.UnreadableContainerIds;
import io.github.writeprobe.model.ChangeOrigin;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.Monitor;
import io.github.writeprobe.monitor.MonitorListener;
import io.github.writeprobe.monitor.ReportBoard;
import io.github.writeprobe.monitor.Trigger;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A continuous audit, for `audit --watch`. It monitors the engines as the agent does, and the
/// current report of the selected containers can be read at any time.
public final class WatchModeAudit implements AutoCloseable {
    /// A user is watching, so cycles start at least this often.
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration EXEC_INTERVAL = Duration.ofSeconds(30);

    /// After this time, an engine that does not answer no longer delays the report of the others.
    private static final Duration FIRST_REPORT_TIMEOUT = Duration.ofSeconds(10);

    private final AuditContainerCriteria selection;
    private final ReportBoard board;
    private final Monitor monitor;
    private final List<Engine> filterEngines;
    private final long started = System.nanoTime();
    private Optional<CachedReport> cachedReport = Optional.empty();

    /// @param all the report as it came from the board
    private record CachedReport(Report all, Report selected) {}

    private WatchModeAudit(
            AuditContainerCriteria selection,
            ReportBoard board,
            Monitor monitor,
            List<Engine> filterEngines) {
        this.selection = selection;
        this.board = board;
        this.monitor = monitor;
        this.filterEngines = filterEngines;
    }

    /// @param environment where DOCKER_HOST and related variables are looked up
    /// @throws BadEndpoint if a host, from the configuration or the environment, is invalid
    public static WatchModeAudit start(
            Configuration configuration,
            Map<String, String> environment,
            AuditContainerCriteria selection)
            throws BadEndpoint {
        Clock clock = Clock.systemUTC();
        ReportBoard board =
                new ReportBoard(
                        BuildInfo.current().version(),
                        ComponentFactory.monitorSettings(configuration)
                                .atMost(INTERVAL, EXEC_INTERVAL),
                        clock);
        Monitor monitor =
                new Monitor(
                        board,
                        ComponentFactory.openEngines(configuration, environment),
                        ComponentFactory.procfsWitness(configuration.probe().settings()),
                        Optional.empty(),
                        new NoopListener(),
                        clock);
        monitor.start();
        return new WatchModeAudit(
                selection,
                board,
                monitor,
                selection.filters().isEmpty()
                        ? List.of()
                        : ComponentFactory.openEngines(configuration, environment));
    }

    /// The current report of the selected containers. It is the same object until something
    /// changes, and empty until the first cycle is complete.
    @SuppressWarnings("ReferenceEquality") // the board returns the same object until it changes
    public Optional<Report> report() throws InterruptedException {
        if (!board.enginesWithoutCycle().isEmpty()
                && System.nanoTime() - started < FIRST_REPORT_TIMEOUT.toNanos()) {
            return Optional.empty();
        }
        Report all = board.report();
        if (cachedReport.filter(cached -> cached.all() == all).isEmpty()) {
            cachedReport = Optional.of(new CachedReport(all, select(all)));
        }
        return cachedReport.map(CachedReport::selected);
    }

    private Report select(Report all) throws InterruptedException {
        Predicate<Container> isSelected = selectionPredicate();
        List<ContainerReport> containers =
                all.containers().stream().filter(c -> isSelected.test(c.container())).toList();
        return new Report(
                all.toolVersion(), all.engines(), all.startedAt(), all.duration(), containers);
    }

    private Predicate<Container> selectionPredicate() throws InterruptedException {
        if (!selection.filters().isEmpty()) {
            Set<String> ids = matchingIds();
            return container ->
                    ids.contains(container.id())
                            && OwnContainerExclusion.reason(container).isEmpty();
        }
        if (selection.references().isEmpty()) {
            return container -> OwnContainerExclusion.reason(container).isEmpty();
        }
        return container ->
                selection.references().stream()
                        .anyMatch(r ->
                                container.name().equals(r)
                                        || container.id().startsWith(r)
                                        || container.workload().podContainer().equals(r));
    }

    /// Ids of the containers that the filters match. An engine that does not answer contributes
    /// none.
    private Set<String> matchingIds() throws InterruptedException {
        Set<String> ids = new HashSet<>();
        for (Engine engine : filterEngines) {
            try {
                Engine.Listing listing = engine.list(selection.filters());
                listing.containers().forEach(listed -> ids.add(listed.id()));
                if (listing.unreadable() > 0) {
                    ids.add(UnreadableContainerIds.ID);
                }
            } catch (EngineUnavailable e) {
                // The report shows that the engine is down.
            }
        }
        return ids;
    }

    @Override
    public void close() {
        monitor.close();
        filterEngines.forEach(Engine::close);
    }

    /// An audit exports no metrics.
    private static final class NoopListener implements MonitorListener {
        @Override
        public void probed(ProbeResult result, int paths) {}

        @Override
        public void cycleCompleted(WitnessName witness, Duration took) {}

        @Override
        public void verdictChanged(Trigger trigger, Duration latency) {}

        @Override
        public void mountTableChanged(ChangeOrigin origin) {}

        @Override
        public void eventReceived() {}

        @Override
        public void reconnected() {}
    }
}
