package io.github.writeprobe.docker;

import io.github.writeprobe.docker.transport.DockerEnvironment;
import io.github.writeprobe.docker.transport.Endpoint;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Opens engines by their hosts. Nothing is sent before the first call.
public final class DockerEngines {
    private DockerEngines() {}

    /// Whether the environment selects an engine, so that no other is looked for: by `DOCKER_HOST`,
    /// `DOCKER_CONTEXT`, or a current context other than `default`.
    ///
    /// @throws BadEndpoint if the configuration of docker cannot be read
    public static boolean isSelectedBy(Map<String, String> environment) throws BadEndpoint {
        return new DockerEnvironment(environment).selectsEngine();
    }

    /// Opens one engine for each host.
    ///
    /// @param hosts `unix:///PATH` or `tcp://HOST:PORT`; if empty, one engine is taken from the
    ///   environment, as the docker command does: `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the
    ///   current context in `config.json`, then `unix:///var/run/docker.sock`
    /// @param environment of the process; `DOCKER_TLS_VERIFY` or `DOCKER_CERT_PATH` turn TLS on for
    ///   `tcp://`
    /// @param callTimeout for each call except execs, from the request to the last byte of the
    ///   answer
    /// @throws BadEndpoint if a host, a context or TLS files cannot be used
    public static List<Engine> open(
            List<String> hosts, Map<String, String> environment, Duration callTimeout)
            throws BadEndpoint {
        DockerEnvironment dockerEnvironment = new DockerEnvironment(environment);
        List<Endpoint> endpoints = new ArrayList<>();
        if (hosts.isEmpty()) {
            endpoints.add(dockerEnvironment.endpoint());
        }
        for (String host : hosts.stream().distinct().toList()) {
            endpoints.add(dockerEnvironment.endpoint(host));
        }
        List<Engine> engines = new ArrayList<>();
        try {
            for (Endpoint endpoint : endpoints) {
                engines.add(new DockerEngine(endpoint, new HttpTransport(endpoint), callTimeout));
            }
        } catch (BadEndpoint e) {
            engines.forEach(Engine::close);
            throw e;
        }
        return List.copyOf(engines);
    }
}
