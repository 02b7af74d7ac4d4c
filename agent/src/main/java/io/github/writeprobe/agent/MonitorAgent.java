package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.metrics.MetricsRegistry;
import io.github.writeprobe.metrics.ScrapeResponse;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.Monitor;
import io.github.writeprobe.monitor.ReportBoard;
import io.github.writeprobe.monitor.VerdictChangeHistory;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent: it monitors engines, and exports metrics of their containers.
public final class MonitorAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorAgent.class);

    private final Map<String, String> environment;
    private final ReportBoard board;
    private final Monitor monitor;
    private final MetricsRegistry metrics;

    /// @param environment where DOCKER_HOST and related variables are looked up
    /// @throws BadEndpoint if a host, from the configuration or the environment, is invalid
    public MonitorAgent(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        this.environment = Map.copyOf(environment);
        Clock clock = Clock.systemUTC();
        BuildInfo build = BuildInfo.current();
        board =
                new ReportBoard(
                        build.version(), ComponentFactory.monitorSettings(configuration), clock);
        metrics =
                new MetricsRegistry(
                        board::report,
                        () -> board.settings().maxAge(),
                        configuration.metrics().paths(),
                        build.toMetrics(),
                        clock);
        ProcfsWitness procfs = ProcfsWitness.open();
        // Logged once and not for each container, because the reason lies in this process.
        procfs.unavailableReason()
                .ifPresent(reason ->
                        LOG.warn(
                                "the procfs witness is unavailable: {}; using the exec witness"
                                        + " only",
                                reason));
        monitor =
                new Monitor(
                        board,
                        ComponentFactory.openEngines(configuration, environment),
                        procfs,
                        ComponentFactory.mountCalls(configuration, clock),
                        metrics,
                        clock);
    }

    public void start() {
        monitor.start();
    }

    /// Replaces the configuration, except for the listen address.
    ///
    /// @throws BadEndpoint if one of its hosts is invalid; the previous configuration stays in use
    public void reconfigure(Configuration configuration) throws BadEndpoint {
        monitor.reconfigure(
                ComponentFactory.monitorSettings(configuration),
                ComponentFactory.openEngines(configuration, environment));
        metrics.configReloaded(configuration.metrics().paths());
    }

    /// Records that a reload failed and that the previous configuration stays in use.
    public void recordReloadFailure() {
        metrics.configReloadFailed();
    }

    /// The current report.
    public Report report() {
        return board.report();
    }

    /// The latest changes of verdicts since the start.
    VerdictChangeHistory history() {
        return board.history();
    }

    /// @param accept the request's Accept header; empty if there is none
    public ScrapeResponse scrape(String accept) {
        return metrics.scrape(accept);
    }

    /// Why the agent is not ready: an engine whose first cycle is not complete. Empty once every
    /// engine has had a complete cycle.
    public Optional<String> notReadyReason() {
        List<EngineReport> waiting = board.enginesWithoutCycle();
        return waiting.stream()
                .findFirst()
                .map(e ->
                        "waiting for the first cycle on "
                                + e.host()
                                + e.error().map(t -> ": " + t).orElse(""));
    }

    /// Why the agent is unhealthy; empty if it is healthy.
    public Optional<String> unhealthyReason() {
        return monitor.hung();
    }

    @Override
    public void close() {
        monitor.close();
    }
}
