package io.github.writeprobe.cli;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.agent.RefusedWriteLogReader;
import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ContainerPathRules;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.report.ExplanationWriter;
import io.github.writeprobe.text.UntrustedText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `writeprobe explain`: everything about one container, or about one path of it.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Probes one container and shows what is declared, what was observed, which rule"
                        + " applies, and what to do.",
        footerHeading = "%nExamples:%n",
        footer = {"  writeprobe explain web", "  writeprobe explain web /tmp"})
final class ExplainCommand implements Callable<Integer> {
    private static final int MAX_REFUSED = 5;

    private final CommandContext context;

    ExplainCommand(CommandContext context) {
        this.context = context;
    }

    @Mixin private ProbeCliOptions options = new ProbeCliOptions();

    @Parameters(
            index = "0",
            paramLabel = "CONTAINER",
            description = "The name or id of the container.")
    private String container = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "An absolute path in the container. Default: every path that is probed.")
    private @Nullable String path;

    @Override
    public Integer call() throws UserError, InterruptedException {
        if (path != null && !path.startsWith("/")) {
            throw new UserError(
                    ExitCode.USAGE,
                    "the path has to be absolute, as seen in the container: /"
                            + UntrustedText.escape(path));
        }
        Configuration configuration = options.configuration(Optional.empty());
        Optional<String> probedPath = Optional.ofNullable(path).map(ContainerPathRules::normalise);
        if (probedPath.isPresent()) {
            configuration =
                    configuration.withProbeSettings(
                            configuration.probe().settings().withPath(probedPath.get()));
        }
        Terminal terminal = context.terminal();
        Cycle.Result result = audit(configuration);
        for (EngineReport engine : result.report().engines()) {
            engine.error().ifPresent(t -> context.printError(UntrustedText.escape(t)));
        }
        ExplanationWriter explanation = new ExplanationWriter(terminal.style(context.out()));
        try (Writer out = OutputTarget.standardOutput(context, context.out().charset())) {
            for (ContainerReport report : result.report().containers()) {
                explanation.write(report, probedPath, out);
            }
        } catch (IOException e) {
            throw OutputTarget.stdoutError(e);
        }
        // Of a container that restarts again and again, something is never proved.
        if (result.report().containers().stream().anyMatch(r -> !r.unproved().isEmpty())) {
            for (String line : refusedWrites(configuration)) {
                context.printError(line);
            }
        }
        return ExitCode.of(result.report().outcome(configuration.policy().failOn())).number();
    }

    private Cycle.Result audit(Configuration configuration) throws UserError, InterruptedException {
        try {
            return CliAuditRunner.run(
                    configuration,
                    new AuditContainerCriteria(List.of(container), Map.of()),
                    context);
        } catch (UserError notProbed) {
            List<String> lines = new ArrayList<>(notProbed.lines());
            lines.addAll(refusedWrites(configuration));
            throw new UserError(notProbed.code(), lines);
        }
    }

    /// What a container that has ended, or that restarts again and again, could not write.
    private List<String> refusedWrites(Configuration configuration) throws InterruptedException {
        List<String> refused =
                RefusedWriteLogReader.search(configuration, context.environment(), container);
        if (refused.isEmpty()) {
            return List.of();
        }
        int more = refused.size() - MAX_REFUSED;
        return List.of(
                "its log says that it could not write "
                        + refused.stream()
                                .limit(MAX_REFUSED)
                                .map(UntrustedText::escape)
                                .collect(joining(", "))
                        + (more > 0 ? " and " + more + " more" : "")
                        + ": 'writeprobe recommend "
                        + UntrustedText.escape(container)
                        + "' shows what has to stay writable");
    }
}
