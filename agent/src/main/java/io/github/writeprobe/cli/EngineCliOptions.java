package io.github.writeprobe.cli;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ConfigurationReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of all commands that connect to an engine. They override the configuration file.
final class EngineCliOptions {
    @Option(
            names = "--config.file",
            paramLabel = "FILE",
            description =
                    "Configuration and policy; see docs/policy.md. Default: the built-in policy.")
    private @Nullable Path configFile;

    @Option(
            names = {"-H", "--host"},
            paramLabel = "URL",
            description =
                    "The engine: unix:///path or tcp://host:port. For the runtime of a Kubernetes"
                            + " node: cri:///path. May be repeated. Default: the first of these"
                            + " that is set: engine.hosts in the configuration file, DOCKER_HOST,"
                            + " DOCKER_CONTEXT, the current Docker context; otherwise the engines"
                            + " that are found on this host.")
    private List<String> hosts = List.of();

    /// The configuration file, overridden by the options.
    Configuration configuration() throws ConfigurationException {
        Configuration file =
                configFile == null ? Configuration.DEFAULT : ConfigurationReader.read(configFile);
        return hosts.isEmpty() ? file : file.withHosts(hosts);
    }

    /// The configuration file, if one was named.
    Optional<Path> file() {
        return Optional.ofNullable(configFile);
    }
}
