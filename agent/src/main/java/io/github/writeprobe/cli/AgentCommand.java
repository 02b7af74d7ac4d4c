package io.github.writeprobe.cli;

import io.github.writeprobe.agent.AgentProcess;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ListenAddress;
import io.github.writeprobe.config.WebConfigFileReader;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.host.Signals;
import io.github.writeprobe.text.UntrustedText;
import io.github.writeprobe.web.UnusableListenAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `writeprobe agent`: monitors the engines until it is told to stop.
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        description = {
            "Runs until it is stopped: keeps the verdicts of all containers up to date, and exports"
                    + " them to Prometheus.",
            "SIGHUP or POST /-/reload reloads the configuration; SIGTERM stops the agent."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "2:wrong usage or configuration, or an address that is in use",
            "3:out of memory; WRITEPROBE_JAVA_OPTS=-Xmx512m raises the limit",
            "130:stopped by Ctrl-C (SIGINT)",
            "143:stopped by SIGTERM"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  writeprobe agent",
            "  writeprobe agent --config.file /etc/writeprobe/writeprobe.yml",
            "  curl -s http://127.0.0.1:9714/metrics"
        })
final class AgentCommand implements Callable<Integer> {
    private final CommandContext context;

    AgentCommand(CommandContext context) {
        this.context = context;
    }

    @Mixin private ProbeCliOptions options = new ProbeCliOptions();

    @Option(
            names = "--config.check",
            description = "Check the configuration files, print their mistakes, and exit.")
    private boolean checkOnly;

    @Option(
            names = "--web.listen-address",
            paramLabel = "HOST:PORT",
            description =
                    "The address to listen on. Default: that of the configuration file"
                            + " (web.listen-address), or 127.0.0.1:9714.")
    private @Nullable String listenAddress;

    @Option(
            names = "--web.config.file",
            paramLabel = "FILE",
            description =
                    "TLS and basic authentication, in the format of Prometheus' exporters; see"
                            + " docs/web.md. Default: neither.")
    private @Nullable Path webConfigFile;

    @Option(
            names = "--log.level",
            paramLabel = "LEVEL",
            defaultValue = "INFO",
            description = "debug, info, warn or error. Default: info.")
    private AgentLogConfigurator.Level logLevel = AgentLogConfigurator.Level.INFO;

    @Option(
            names = "--log.format",
            paramLabel = "FORMAT",
            description = "text or json. Default: text on a terminal, else json.")
    private AgentLogConfigurator.@Nullable Format logFormat;

    @Override
    public Integer call() throws UserError, InterruptedException {
        if (checkOnly) {
            return runCheck();
        }
        // Before anything that takes time, so that a SIGHUP right after the start is not lost.
        Signals hangups = Signals.captureHangups();
        validate();
        Terminal terminal = context.terminal();
        try {
            AgentProcess daemon =
                    new AgentProcess(this::configuration, hangups, context.environment());
            AgentLogConfigurator.Format format =
                    logFormat == null
                            ? AgentLogConfigurator.Format.defaultFor(terminal)
                            : logFormat;
            AgentLogConfigurator log = AgentLogConfigurator.start(logLevel, format, terminal);
            daemon.run(Optional.ofNullable(webConfigFile), log::flush);
            return ExitCode.COMPLIANT.number();
        } catch (ConfigurationException e) {
            throw new UserError(ExitCode.USAGE, e.mistakes());
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.escape(e.line()));
        } catch (UnusableListenAddress e) {
            throw new UserError(ExitCode.USAGE, e.line());
        }
    }

    private Configuration configuration() throws ConfigurationException {
        Configuration configuration = options.configuration();
        return listenAddress == null
                ? configuration
                : configuration.withListenAddress(listenAddress);
    }

    private int runCheck() throws UserError {
        List<String> validLines = validate();
        validLines.forEach(context.out()::println);
        return ExitCode.COMPLIANT.number();
    }

    /// @return a line for each valid file
    private List<String> validate() throws UserError {
        List<String> validLines = new ArrayList<>();
        List<String> mistakes = new ArrayList<>();
        if (listenAddress != null && ListenAddress.parse(listenAddress).isEmpty()) {
            mistakes.add(
                    "--web.listen-address "
                            + UntrustedText.escape(listenAddress)
                            + ": write HOST:PORT, such as 127.0.0.1:9714, [::1]:9714 or :9714");
        }
        try {
            Configuration configuration = configuration();
            ProbeCliOptions.checkSidecar(configuration);
            AgentProcess.check(configuration, context.environment());
            options.file()
                    .ifPresent(
                            file -> validLines.add(ConfigCommand.validLine(file, configuration)));
        } catch (ConfigurationException e) {
            mistakes.addAll(e.mistakes());
        } catch (BadEndpoint e) {
            mistakes.add(UntrustedText.escape(e.line()));
        }
        if (webConfigFile != null) {
            try {
                WebConfigFileReader.read(webConfigFile);
                validLines.add(UntrustedText.escape(webConfigFile.toString()) + " is valid");
            } catch (ConfigurationException e) {
                mistakes.addAll(e.mistakes());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new UserError(ExitCode.USAGE, mistakes);
        }
        return validLines.isEmpty()
                ? List.of("no configuration file to check; name one with --config.file")
                : validLines;
    }
}
