package io.github.writeprobe.agent;

import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.monitor.MonitorSettings;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Creates what audits and the agent have in common: engines, witnesses and settings.
final class ComponentFactory {
    /// Long enough for an engine under load, short enough for an interactive user.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private ComponentFactory() {}

    static List<Engine> openEngines(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        return Engines.open(configuration.hosts(), environment, CALL_TIMEOUT);
    }

    /// The engine that runs a container.
    static Engine engineOf(Container container, List<Engine> engines) {
        return engines.stream()
                .filter(e -> e.host().equals(container.engine()))
                .findFirst()
                .orElseThrow();
    }

    /// The procfs witness; unavailable if the configuration does not use it.
    static ProcfsWitness procfsWitness(ProbeSettings settings) {
        // exec needs it too: before an exec, it tells whether the exec would run in the container's
        // mounts.
        return settings.onlyWitness().equals(Optional.of(WitnessName.SIDECAR))
                ? ProcfsWitness.unavailable("it is not selected")
                : ProcfsWitness.open();
    }

    static Cycle cycle(Configuration configuration, ProcfsWitness procfs) {
        return new Cycle(
                configuration.probe().settings(),
                configuration.policy(),
                Clock.systemUTC(),
                BuildInfo.current().version(),
                procfs);
    }

    static MonitorSettings monitorSettings(Configuration configuration) {
        Configuration.Probe probe = configuration.probe();
        return new MonitorSettings(
                probe.settings(), configuration.policy(), probe.interval(), probe.execInterval());
    }
}
