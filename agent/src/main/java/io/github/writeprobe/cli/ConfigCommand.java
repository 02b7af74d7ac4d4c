package io.github.writeprobe.cli;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationWriter;
import io.github.writeprobe.text.UntrustedText;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `writeprobe config`: checks or shows a configuration file, and does nothing else.
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks or shows a configuration file.")
final class ConfigCommand {
    private final CommandContext context;

    ConfigCommand(CommandContext context) {
        this.context = context;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Checks a configuration file. If it has mistakes, prints them; the exit code is then"
                            + " 2.")
    int check(@Parameters(paramLabel = "FILE", description = "The configuration file.") Path file)
            throws UserError {
        context.out().println(validLine(file, ProbeCliOptions.readConfiguration(file)));
        return ExitCode.COMPLIANT.number();
    }

    /// The line for a valid file.
    static String validLine(Path file, Configuration configuration) {
        return UntrustedText.escape(file.toString())
                + " is valid: "
                + pluralise(configuration.policy().rules().size(), "rule")
                + ", "
                + pluralise(configuration.policy().waivers().size(), "waiver");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the whole configuration, defaults included, as YAML.")
    int show(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "The configuration file. Default: the built-in defaults.")
                    @Nullable Path file)
            throws UserError {
        Configuration c =
                file == null ? Configuration.DEFAULT : ProbeCliOptions.readConfiguration(file);
        context.out().print(ConfigurationWriter.render(c));
        return ExitCode.COMPLIANT.number();
    }

    private static String pluralise(int n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
