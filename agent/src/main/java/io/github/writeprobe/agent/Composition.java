package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.ProbeSettings;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.docker.DockerEngines.ConnectedEngine;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.monitor.MonitorSettings;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an audit and the agent put together in the same way.
final class Composition {
    /// Long enough for an engine under load, short enough that a person still waits for it.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private Composition() {}

    static List<Engine> openEngines(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        return DockerEngines.open(configuration.hosts(), environment, CALL_TIMEOUT);
    }

    /// The same engines, with what recommending needs of them.
    static List<ConnectedEngine> connectEngines(
            Configuration configuration, Map<String, String> environment) throws BadEndpoint {
        return DockerEngines.connect(configuration.hosts(), environment, CALL_TIMEOUT);
    }

    /// The one that a container is on.
    static ConnectedEngine engineOf(Container container, List<ConnectedEngine> engines) {
        return engines.stream()
                .filter(e -> e.engine().host().equals(container.engine()))
                .findFirst()
                .orElseThrow();
    }

    /// The kernel's testimony, if it is to be asked.
    static ProcfsWitness procfsWitness(Configuration.Probe probe) {
        return switch (probe.witness()) {
            case SIDECAR -> ProcfsWitness.unavailable("it is not asked");
            // Before an exec it says whether that would run in the container's mounts.
            case AUTO, EXEC, PROCFS -> ProcfsWitness.open();
        };
    }

    static MonitorSettings monitorSettings(Configuration configuration) {
        Configuration.Probe probe = configuration.probe();
        return new MonitorSettings(
                probeSettings(probe),
                configuration.policy(),
                probe.interval(),
                probe.execInterval());
    }

    static ProbeSettings probeSettings(Configuration.Probe probe) {
        return new ProbeSettings(
                switch (probe.witness()) {
                    case AUTO -> Optional.empty();
                    case EXEC -> Optional.of(WitnessName.EXEC);
                    case PROCFS -> Optional.of(WitnessName.PROCFS);
                    case SIDECAR -> Optional.of(WitnessName.SIDECAR);
                },
                probe.paths(),
                probe.timeout(),
                probe.concurrency(),
                probe.execute(),
                probe.execAsRoot(),
                probe.podSandboxes(),
                probe.sidecarImage());
    }
}
