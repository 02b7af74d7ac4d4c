package io.github.writeprobe.cli;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ConfigurationReader;
import io.github.writeprobe.model.Severity;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that audit and explain share, laid over a configuration file.
final class AuditOptions {
    @Mixin private EngineOptions engine = new EngineOptions();

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
        return failOn.map(configuration::withFailOn).orElse(configuration);
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
        Configuration file = engine.configuration();
        Configuration.Probe p = file.probe();
        return new Configuration(
                file.hosts(),
                new Configuration.Probe(
                        witness == null ? p.witness() : witness,
                        p.interval(),
                        p.execInterval(),
                        p.timeout(),
                        p.concurrency(),
                        p.paths(),
                        p.execute(),
                        p.execAsRoot(),
                        p.podSandboxes(),
                        p.sidecarImage()),
                file.policy(),
                file.web());
    }

    /// The configuration file, if one was named.
    Optional<Path> file() {
        return engine.file();
    }

    static Configuration readConfiguration(Path file) throws UserError {
        try {
            return ConfigurationReader.read(file);
        } catch (ConfigurationException e) {
            throw new UserError(ExitCode.USAGE, e.mistakes());
        }
    }
}
