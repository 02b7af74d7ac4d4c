package io.github.writeprobe.cli;

import io.github.writeprobe.agent.BuildInfo;
import io.github.writeprobe.config.Configuration.WitnessChoice;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.text.UntrustedText;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/// The command line of writeprobe.
@Command(
        name = "writeprobe",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Verifies, with real write attempts, that running containers can write only where they"
                        + " should.",
        exitCodeListHeading = "%nExit codes of audit and explain:%n",
        exitCodeList = {
            ExitCode.COMPLIANT_HELP,
            ExitCode.FINDINGS_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.UNVERIFIED_HELP
        },
        footerHeading = "%nExamples:%n",
        footer = {"  writeprobe audit", "  writeprobe help audit"},
        subcommands = {
            AuditCommand.class,
            ExplainCommand.class,
            AgentCommand.class,
            RecommendCommand.class,
            DoctorCommand.class,
            ConfigCommand.class,
            Main.Completion.class,
            HelpCommand.class
        })
public final class Main {
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            BuildInfo build = BuildInfo.current();
            return new String[] {
                "writeprobe "
                        + build.version()
                        + " (revision "
                        + build.revision()
                        + ", Java "
                        + Runtime.version().feature()
                        + ")"
            };
        }
    }

    @Command(
            name = "generate-completion",
            mixinStandardHelpOptions = true,
            description =
                    "Prints a completion script for bash and zsh. To use it: source <(writeprobe"
                            + " generate-completion).")
    static final class Completion extends GenerateCompletion {}

    private Main() {}

    static CommandLine commandLine(CommandContext context) {
        CommandLine commandLine = new CommandLine(new Main(), new CommandFactory(context));
        commandLine.setOut(new PrintWriter(context.out(), true, context.out().charset()));
        commandLine.setErr(new PrintWriter(context.err(), true, context.err().charset()));
        registerEnum(commandLine, AgentLogConfigurator.Level.class);
        registerEnum(commandLine, AgentLogConfigurator.Format.class);
        registerEnum(commandLine, AuditCommand.Format.class);
        registerEnum(commandLine, RecommendCommand.Format.class);
        registerEnum(commandLine, DoctorCommand.Format.class);
        registerEnum(commandLine, Severity.class);
        registerEnum(commandLine, WitnessChoice.class);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setParameterExceptionHandler((e, args) -> printUsageError(e, context.err()));
        commandLine.setExecutionExceptionHandler(
                (e, command, result) -> printFailure(e, context.err()));
        return commandLine;
    }

    private static <E extends Enum<E>> void registerEnum(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, new EnumConverter<>(type));
    }

    public static void main(String[] args) {
        System.exit(run(CommandContext.ofProcess(), args));
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int run(CommandContext context, String... args) {
        CommandLine commandLine = commandLine(context);
        if (args.length == 0) {
            commandLine.usage(context.out());
            return ExitCode.USAGE.number();
        }
        return commandLine.execute(args);
    }

    private static int printUsageError(ParameterException e, PrintStream err) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println(
                "writeprobe: "
                        + UntrustedText.escape(String.valueOf(e.getMessage()))
                        + ". See '"
                        + command
                        + " --help'.");
        return ExitCode.USAGE.number();
    }

    private static int printFailure(Exception e, PrintStream err) {
        if (e instanceof UserError error) {
            error.lines().forEach(line -> err.println("writeprobe: " + line));
            return error.code().number();
        }
        err.println(
                "writeprobe: internal error; please report it with the lines below: "
                        + UntrustedText.escape(String.valueOf(e)));
        e.printStackTrace(err);
        return ExitCode.UNVERIFIED.number();
    }
}
