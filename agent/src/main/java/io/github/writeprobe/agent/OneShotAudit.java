package io.github.writeprobe.agent;

import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.audit.ProgressListener;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.util.List;
import java.util.Map;

/// One audit, with engines, witnesses and policy as configured.
public final class OneShotAudit {
    private final Configuration configuration;
    private final Map<String, String> environment;

    /// @param environment where DOCKER_HOST and related variables are looked up
    public OneShotAudit(Configuration configuration, Map<String, String> environment) {
        this.configuration = configuration;
        this.environment = Map.copyOf(environment);
    }

    /// @throws BadEndpoint if a host, from the configuration or the environment, is invalid
    public Cycle.Result run(AuditContainerCriteria selection, ProgressListener progress)
            throws BadEndpoint, InterruptedException {
        ProcfsWitness procfs = ComponentFactory.procfsWitness(configuration.probe().settings());
        Cycle cycle = ComponentFactory.cycle(configuration, procfs);
        List<Engine> engines = ComponentFactory.openEngines(configuration, environment);
        try (procfs) {
            return cycle.run(engines, selection, progress);
        } finally {
            engines.forEach(Engine::close);
        }
    }
}
