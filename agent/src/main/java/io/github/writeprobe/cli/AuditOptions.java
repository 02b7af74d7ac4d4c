package io.github.writeprobe.cli;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ConfigurationReader;
import io.github.writeprobe.model.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that audit and explain share, laid over a configuration file.
final class AuditOptions {
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
                    "The engine: unix:///path or tcp://host:port. May be repeated. Default: the"
                            + " configuration file, then DOCKER_HOST, DOCKER_CONTEXT, the current"
                            + " docker context, and unix:///var/run/docker.sock.")
    private List<String> hosts = List.of();

    @Option(
            names = "--witness",
            paramLabel = "WITNESS",
            description =
                    "How to find out: auto, exec, procfs or sidecar. Default: auto, which asks each that can"
                            + " answer. sidecar needs probe.sidecar-image in the configuration"
                            + " file.")
    private Configuration.@Nullable WitnessChoice witness;

    /// @param failOn from the command line, if given
    Configuration configuration(Optional<Severity> failOn) throws UserError {
        Configuration configuration;
        try {
            configuration = configuration();
        } catch (ConfigurationException e) {
            throw new UserError(ExitCode.USAGE, e.mistakes());
        }
        checkSidecar(configuration);
        return failOn.map(configuration::failingOn).orElse(configuration);
    }

    /// @throws UserError if sidecar is the witness, and has no image
    static void checkSidecar(Configuration configuration) throws UserError {
        if (configuration.probe().witness() == Configuration.WitnessChoice.SIDECAR
                && configuration.probe().sidecarImage().isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--witness sidecar needs an image for its helpers: set probe.sidecar-image in the"
                            + " file of --config.file");
        }
    }

    /// What the file says, but for what the other options say.
    Configuration configuration() throws ConfigurationException {
        Configuration file =
                configFile == null ? Configuration.DEFAULT : ConfigurationReader.read(configFile);
        Configuration.Probe p = file.probe();
        return new Configuration(
                hosts.isEmpty() ? file.hosts() : hosts,
                new Configuration.Probe(
                        witness == null ? p.witness() : witness,
                        p.interval(),
                        p.execInterval(),
                        p.timeout(),
                        p.concurrency(),
                        p.paths(),
                        p.execute(),
                        p.execAsRoot(),
                        p.sidecarImage()),
                file.policy(),
                file.web());
    }

    /// The configuration file, if one was named.
    Optional<Path> file() {
        return Optional.ofNullable(configFile);
    }

    static Configuration read(Path file) throws UserError {
        try {
            return ConfigurationReader.read(file);
        } catch (ConfigurationException e) {
            throw new UserError(ExitCode.USAGE, e.mistakes());
        }
    }
}
