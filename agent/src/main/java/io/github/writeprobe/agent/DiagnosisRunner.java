package io.github.writeprobe.agent;

import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.ProgressListener;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.diagnosis.EngineChecks;
import io.github.writeprobe.diagnosis.HostChecks;
import io.github.writeprobe.diagnosis.WitnessChecks;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.UserSockets;
import io.github.writeprobe.model.Diagnosis;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.probes.kernel.HostFacts;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.ProbeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds out what can be verified from here: it audits all running containers, and looks at which
/// engines answered and which witnesses worked.
public final class DiagnosisRunner {
    private final Configuration configuration;
    private final Map<String, String> environment;

    /// @param environment where DOCKER_HOST and related variables are looked up
    public DiagnosisRunner(Configuration configuration, Map<String, String> environment) {
        this.configuration = configuration;
        this.environment = Map.copyOf(environment);
    }

    /// @throws BadEndpoint if a host, from the configuration or the environment, is invalid
    public Diagnosis diagnose(ProgressListener progress) throws BadEndpoint, InterruptedException {
        ProbeSettings settings = configuration.probe().settings();
        List<Diagnosis.Check> checks = new ArrayList<>();
        List<Engine> engines = ComponentFactory.openEngines(configuration, environment);
        try (ProcfsWitness procfs = ComponentFactory.procfsWitness(settings)) {
            Report report =
                    ComponentFactory.cycle(configuration, procfs)
                            .run(engines, AuditContainerCriteria.ALL, progress)
                            .report();
            for (EngineReport engine : report.engines()) {
                checks.add(EngineChecks.of(engine, engineOf(engine.host(), engines)));
            }
            UserSockets.ofHost().hosts().stream()
                    .filter(host -> engines.stream().noneMatch(e -> e.host().equals(host)))
                    .map(EngineChecks::unused)
                    .forEach(checks::add);
            checks.addAll(
                    new WitnessChecks(
                                    report.containers(),
                                    settings.onlyWitness(),
                                    procfs.unavailableReason(),
                                    settings.sidecarImage().isPresent())
                            .checks());
        } finally {
            engines.forEach(Engine::close);
        }
        checks.addAll(HostChecks.of(HostFacts.read(Path.of("/"))));
        checks.add(HostChecks.mountCalls(ComponentFactory.mountCallsUnavailable(configuration)));
        return new Diagnosis(BuildInfo.current().version(), checks);
    }

    private static Engine engineOf(String host, List<Engine> engines) {
        return engines.stream().filter(e -> e.host().equals(host)).findFirst().orElseThrow();
    }
}
