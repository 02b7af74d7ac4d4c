package io.github.writeprobe.cli;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ConfigurationReader;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.WitnessName;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of audit, explain and agent, which override the configuration file.
final class ProbeCliOptions {
    @Mixin private EngineCliOptions engine = new EngineCliOptions();

    @Option(
            names = "--witness",
            paramLabel = "WITNESS",
            description =
                    "How to probe: auto, exec, procfs or sidecar. auto uses exec and procfs where"
                            + " they work. sidecar requires probe.sidecar-image in the"
                            + " configuration file. Default: probe.witness of the configuration"
                            + " file, or auto.")
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

    /// @throws UserError if the witness is sidecar and no image is configured
    static void checkSidecar(Configuration configuration) throws UserError {
        if (configuration.probe().settings().onlyWitness().equals(Optional.of(WitnessName.SIDECAR))
                && configuration.probe().settings().sidecarImage().isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--witness sidecar requires an image for its helper containers: set"
                            + " probe.sidecar-image in the configuration file (--config.file)");
        }
    }

    /// The configuration file, overridden by the options.
    Configuration configuration() throws ConfigurationException {
        Configuration file = engine.configuration();
        return witness == null
                ? file
                : file.withProbeSettings(
                        file.probe().settings().withOnlyWitness(witness.onlyWitness()));
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
