package io.github.writeprobe.agent;

import io.github.writeprobe.cri.CriEngines;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.EngineScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens engines of every kind by their hosts.
final class EngineFactory {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFactory.class);

    /// The root directory of the machine, in which engines are found. A container sees it below
    /// another path than `/`.
    private static final String HOST_ROOT = "WRITEPROBE_HOST_ROOT";

    private EngineFactory() {}

    private static List<String> discover(Map<String, String> environment) throws BadEndpoint {
        String root = environment.getOrDefault(HOST_ROOT, "/");
        List<String> found =
                root.equals("/")
                        ? EngineDiscovery.ofThisRoot().hosts()
                        : discoverBelow(Path.of(root));
        if (!found.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("hosts", found)
                    .log("engines found; name others with --host or engine.hosts");
        }
        return found;
    }

    private static List<String> discoverBelow(Path root) throws BadEndpoint {
        List<String> found = EngineDiscovery.below(root).hosts();
        if (!found.isEmpty()) {
            return found;
        }
        throw new BadEndpoint(
                Files.isDirectory(root.resolve("run"))
                        ? "no engine found below "
                                + root
                                + " ("
                                + HOST_ROOT
                                + "): name its socket with engine.hosts or --host, such as "
                                + EngineScheme.CRI.host(root + "/run/containerd/containerd.sock")
                        : "cannot read "
                                + root
                                + "/run ("
                                + HOST_ROOT
                                + "): below /proc/1/root, this takes the host's PID namespace,"
                                + " CAP_SYS_PTRACE and CAP_DAC_OVERRIDE, and no security profile"
                                + " that refuses it");
    }

    /// @param configured `cri:///PATH`, or as [DockerEngines#open] takes them; if empty, and if the
    ///   environment selects no engine, those that are found
    static List<Engine> open(
            List<String> configured, Map<String, String> environment, Duration callTimeout)
            throws BadEndpoint {
        List<String> hosts =
                configured.isEmpty() && !DockerEngines.isSelectedBy(environment)
                        ? discover(environment)
                        : configured;
        List<String> docker =
                hosts.stream().filter(host -> EngineScheme.of(host).isDockerApi()).toList();
        List<Engine> engines = new ArrayList<>();
        try {
            if (hosts.isEmpty() || !docker.isEmpty()) {
                engines.addAll(DockerEngines.open(docker, environment, callTimeout));
            }
            for (String host : hosts.stream().distinct().toList()) {
                switch (EngineScheme.of(host)) {
                    case UNIX, TCP -> {
                        // DockerEngines has opened it.
                    }
                    case CRI -> engines.add(CriEngines.open(host, callTimeout));
                }
            }
            return List.copyOf(engines);
        } catch (BadEndpoint e) {
            engines.forEach(Engine::close);
            throw e;
        }
    }
}
