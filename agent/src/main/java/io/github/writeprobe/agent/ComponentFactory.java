package io.github.writeprobe.agent;

import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.monitor.MonitorSettings;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.procfs.ProcfsWitness;
import io.github.writeprobe.probes.trace.MountCallTrace;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates what audits and the agent have in common: engines, witnesses and settings.
final class ComponentFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentFactory.class);

    /// Long enough for an engine under load, short enough for an interactive user.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private ComponentFactory() {}

    static List<Engine> openEngines(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        return EngineFactory.open(configuration.hosts(), environment, CALL_TIMEOUT);
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

    /// The mount calls of the host, if the configuration wants them and the kernel tells them.
    static Optional<MountCallTrace> mountCalls(Configuration configuration, Clock clock) {
        if (!configuration.probe().mountActors()) {
            return Optional.empty();
        }
        return switch (MountCallTrace.open(MountCallTrace.tracefs(), clock)) {
            case MountCallTrace.Opened.Listening(MountCallTrace trace) -> {
                LOG.info("listening to mount calls; a finding after a change names its actor");
                yield Optional.of(trace);
            }
            case MountCallTrace.Opened.Unavailable(String reason) -> {
                LOG.info("not listening to mount calls: {}; findings name no actor", reason);
                yield Optional.empty();
            }
        };
    }

    /// Why the agent cannot listen to mount calls; empty if it can. Tries it.
    static Optional<String> mountCallsUnavailable(Configuration configuration) {
        if (!configuration.probe().mountActors()) {
            return Optional.of("probe.mount-actors is false");
        }
        return switch (MountCallTrace.open(MountCallTrace.tracefs(), Clock.systemUTC())) {
            case MountCallTrace.Opened.Listening(MountCallTrace trace) -> {
                trace.close();
                yield Optional.empty();
            }
            case MountCallTrace.Opened.Unavailable(String reason) -> Optional.of(reason);
        };
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
