package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.Probing;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an audit and the agent put together in the same way.
final class Composition {
    /// Long enough for an engine under load, short enough that a person still waits for it.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private Composition() {}

    static List<Engine> engines(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        return DockerEngines.open(configuration.hosts(), environment, CALL_TIMEOUT);
    }

    static Probing probing(Configuration.Probe probe) {
        return new Probing(
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
                probe.sidecarImage());
    }
}
