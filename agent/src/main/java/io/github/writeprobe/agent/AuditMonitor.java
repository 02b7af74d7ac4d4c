package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.cycle.Selection;
import io.github.writeprobe.cycle.UnreadableContainers;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.Monitor;
import io.github.writeprobe.monitor.MonitorListener;
import io.github.writeprobe.monitor.MonitorSettings;
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

/// An audit that goes on: engines are followed as the agent follows them, and what is known of the
/// selected containers can be read at any time.
public final class AuditMonitor implements AutoCloseable {
    /// Somebody looks on, so passes come at least this often.
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration EXEC_INTERVAL = Duration.ofSeconds(30);

    /// After which an engine that does not answer holds up the others no longer.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Selection selection;
    private final ReportBoard board;
    private final Monitor monitor;
    private final List<Engine> filtering;
    private final long started = System.nanoTime();
    private Optional<Read> last = Optional.empty();

    /// @param all as it came from the board
    private record Read(Report all, Report selected) {}

    private AuditMonitor(
            Selection selection, ReportBoard board, Monitor monitor, List<Engine> filtering) {
        this.selection = selection;
        this.board = board;
        this.monitor = monitor;
        this.filtering = filtering;
    }

    /// @param environment where DOCKER_HOST and its kin are looked up
    /// @throws BadEndpoint if a host, or what the environment says of one, cannot be understood
    public static AuditMonitor start(
            Configuration configuration, Map<String, String> environment, Selection selection)
            throws BadEndpoint {
        MonitorSettings usual = Composition.settings(configuration);
        Clock clock = Clock.systemUTC();
        ReportBoard board =
                new ReportBoard(
                        BuildInfo.own().version(),
                        new MonitorSettings(
                                usual.probing(),
                                usual.policy(),
                                shorter(usual.interval(), INTERVAL),
                                shorter(usual.execInterval(), EXEC_INTERVAL)),
                        clock);
        Monitor monitor =
                new Monitor(
                        board,
                        Composition.engines(configuration, environment),
                        Composition.procfs(configuration.probe()),
                        new Uncounted(),
                        clock);
        monitor.start();
        return new AuditMonitor(
                selection,
                board,
                monitor,
                selection.filters().isEmpty()
                        ? List.of()
                        : Composition.engines(configuration, environment));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// What is known now, and the same object as long as that is the same; empty before the first
    /// pass is over.
    @SuppressWarnings("ReferenceEquality") // the board hands the same one out until it is outdated
    public Optional<Report> report() throws InterruptedException {
        if (!board.ahead().isEmpty() && System.nanoTime() - started < PATIENCE.toNanos()) {
            return Optional.empty();
        }
        Report all = board.report();
        if (last.filter(read -> read.all() == all).isEmpty()) {
            last = Optional.of(new Read(all, selected(all)));
        }
        return last.map(Read::selected);
    }

    private Report selected(Report all) throws InterruptedException {
        Predicate<Container> wanted = wanted();
        List<ContainerReport> containers =
                all.containers().stream().filter(c -> wanted.test(c.container())).toList();
        return new Report(
                all.toolVersion(), all.engines(), all.startedAt(), all.took(), containers);
    }

    private Predicate<Container> wanted() throws InterruptedException {
        if (!selection.filters().isEmpty()) {
            Set<String> ids = filtered();
            return container -> ids.contains(container.id());
        }
        return container ->
                selection.references().isEmpty()
                        || selection.references().stream()
                                .anyMatch(r ->
                                        container.name().equals(r) || container.id().startsWith(r));
    }

    /// An engine that is silent has no containers that anybody could vouch for.
    private Set<String> filtered() throws InterruptedException {
        Set<String> ids = new HashSet<>();
        for (Engine engine : filtering) {
            try {
                Engine.Listing listing = engine.list(selection.filters());
                listing.containers().forEach(listed -> ids.add(listed.id()));
                if (listing.unreadable() > 0) {
                    ids.add(UnreadableContainers.ID);
                }
            } catch (EngineUnavailable e) {
                // The report says so.
            }
        }
        return ids;
    }

    @Override
    public void close() {
        monitor.close();
        filtering.forEach(Engine::close);
    }

    /// Nobody counts what an audit does.
    private static final class Uncounted implements MonitorListener {
        @Override
        public void probed(ProbeResult result, int paths) {}

        @Override
        public void cycleCompleted(WitnessName witness, Duration took) {}

        @Override
        public void verdictChanged(Trigger trigger, Duration latency) {}

        @Override
        public void mountTableChanged() {}

        @Override
        public void eventReceived() {}

        @Override
        public void reconnected() {}
    }
}
