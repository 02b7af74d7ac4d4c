package io.github.writeprobe.docker;

import io.github.writeprobe.docker.transport.DockerEnvironment;
import io.github.writeprobe.docker.transport.Endpoint;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.prove.CloneEnvironments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Opens engines by their hosts. Nothing is sent before the first call.
public final class DockerEngines {
    /// One engine with its three interfaces.
    public record ConnectedEngine(
            Engine engine, RecommendEngine recommendEngine, CloneEnvironments cloneEnvironments) {}

    private DockerEngines() {}

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
        return connect(hosts, environment, callTimeout).stream()
                .map(ConnectedEngine::engine)
                .toList();
    }

    /// Opens one engine for each host, with the interfaces for recommendations: as [#open]. They
    /// are closed with the engine.
    public static List<ConnectedEngine> connect(
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
        List<ConnectedEngine> connected = new ArrayList<>();
        try {
            for (Endpoint endpoint : endpoints) {
                DockerEngine engine =
                        new DockerEngine(endpoint, new HttpTransport(endpoint), callTimeout);
                DockerRecommendEngine recommendEngine = engine.recommendEngine();
                connected.add(new ConnectedEngine(engine, recommendEngine, recommendEngine));
            }
        } catch (BadEndpoint e) {
            connected.forEach(one -> one.engine().close());
            throw e;
        }
        return List.copyOf(connected);
    }
}
