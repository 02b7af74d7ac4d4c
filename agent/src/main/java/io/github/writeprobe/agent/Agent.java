package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.metrics.AgentMetrics;
import io.github.writeprobe.metrics.Exposition;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.monitor.History;
import io.github.writeprobe.monitor.Monitor;
import io.github.writeprobe.monitor.ReportBoard;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent, put together: engines that are followed, and the metrics of what is known of their
/// containers.
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final Map<String, String> environment;
    private final ReportBoard board;
    private final Monitor monitor;
    private final AgentMetrics metrics;

    /// @param environment where DOCKER_HOST and its kin are looked up
    /// @throws BadEndpoint if a host, or what the environment says of one, cannot be understood
    public Agent(Configuration configuration, Map<String, String> environment) throws BadEndpoint {
        this.environment = Map.copyOf(environment);
        Clock clock = Clock.systemUTC();
        BuildInfo build = BuildInfo.current();
        board = new ReportBoard(build.version(), Composition.monitorSettings(configuration), clock);
        metrics =
                new AgentMetrics(
                        board::report, () -> board.settings().maxAge(), build.toMetrics(), clock);
        ProcfsWitness procfs = ProcfsWitness.open();
        // Once, and not for each container: it is this process that may not, whatever it looks at.
        procfs.unavailableReason()
                .ifPresent(reason ->
                        LOG.warn("procfs cannot be asked, and exec goes on alone: {}", reason));
        monitor =
                new Monitor(
                        board,
                        Composition.openEngines(configuration, environment),
                        procfs,
                        metrics,
                        clock);
    }

    public void start() {
        monitor.start();
    }

    /// Goes by another configuration from now on, but for where it listens.
    ///
    /// @throws BadEndpoint if a host of it cannot be used; the one before stays
    public void reconfigure(Configuration configuration) throws BadEndpoint {
        monitor.reconfigure(
                Composition.monitorSettings(configuration),
                Composition.openEngines(configuration, environment));
        metrics.configReloaded(true);
    }

    /// A configuration was not taken, and the one before stays.
    public void recordReloadFailure() {
        metrics.configReloaded(false);
    }

    /// What is known now.
    public Report report() {
        return board.report();
    }

    /// How verdicts have changed since the start.
    History history() {
        return board.history();
    }

    /// @param accept the request's Accept header; empty for none
    public Exposition scrape(String accept) {
        return metrics.scrape(accept);
    }

    /// What the first full pass still waits for; empty once there was one over each engine.
    public Optional<String> notReadyReason() {
        List<EngineReport> waiting = board.ahead();
        return waiting.stream()
                .findFirst()
                .map(e ->
                        "waiting for the first pass over "
                                + e.host()
                                + e.error().map(t -> ": " + t).orElse(""));
    }

    /// Why it has to be taken for dead; empty if it lives.
    public Optional<String> unhealthyReason() {
        return monitor.hung();
    }

    @Override
    public void close() {
        monitor.close();
    }
}
