package io.github.writeprobe.agent;

import io.github.writeprobe.cri.CriEngines;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Opens engines of every kind by their hosts.
final class Engines {
    private static final String CRI = "cri://";

    private Engines() {}

    /// @param hosts `cri:///PATH`, or as [DockerEngines#open] takes them
    static List<Engine> open(
            List<String> hosts, Map<String, String> environment, Duration callTimeout)
            throws BadEndpoint {
        List<String> docker = hosts.stream().filter(host -> !host.startsWith(CRI)).toList();
        List<Engine> engines = new ArrayList<>();
        try {
            if (hosts.isEmpty() || !docker.isEmpty()) {
                engines.addAll(DockerEngines.open(docker, environment, callTimeout));
            }
            for (String host : hosts.stream().filter(h -> h.startsWith(CRI)).distinct().toList()) {
                engines.add(CriEngines.open(host, callTimeout));
            }
            return List.copyOf(engines);
        } catch (BadEndpoint e) {
            engines.forEach(Engine::close);
            throw e;
        }
    }
}
