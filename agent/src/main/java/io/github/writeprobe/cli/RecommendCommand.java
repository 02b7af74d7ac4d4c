package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.agent.BuildInfo;
import io.github.writeprobe.agent.RecommendRunner;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.model.EngineScheme;
import io.github.writeprobe.recommend.format.ComposeFormat;
import io.github.writeprobe.recommend.format.DockerRunFormat;
import io.github.writeprobe.recommend.format.EcsTaskDefinitionFormat;
import io.github.writeprobe.recommend.format.KubernetesFormat;
import io.github.writeprobe.recommend.format.ProposalFormat;
import io.github.writeprobe.recommend.format.ProposalJsonFormat;
import io.github.writeprobe.recommend.format.SwarmFormat;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.text.UntrustedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `writeprobe recommend`: observes what containers write, and proposes what to declare.
@Command(
        name = "recommend",
        mixinStandardHelpOptions = true,
        description =
                "Watches what containers write, and proposes the mounts and settings that they need to"
                        + " run with a read-only root filesystem.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:a proposal was made and, with --prove, proved",
            "1:refuted: a clone did not work with the proposal, lost data at its restart, or could"
                    + " write to a read-only mount",
            ExitCode.USAGE_HELP,
            "3:undecided: it is not known what a container writes, an engine did not answer, or a"
                    + " proof could not be made",
            "130:ended by a second Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  writeprobe recommend web --observe 10m",
            "  writeprobe recommend web --prove --exercise \\",
            "      'docker exec $WRITEPROBE_CONTAINER wget -qO- localhost'",
            "  writeprobe recommend --compose-project shop -o compose.read-only.yml",
            "  writeprobe recommend web --format run"
        })
final class RecommendCommand implements Callable<Integer> {
    private final CommandContext context;

    RecommendCommand(CommandContext context) {
        this.context = context;
    }

    enum Format {
        COMPOSE,
        RUN,
        SWARM,
        KUBERNETES,
        ECS,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin private RecommendOptions options = new RecommendOptions();

    @Mixin private EngineCliOptions engine = new EngineCliOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "COMPOSE",
            description =
                    "compose (an override file), run (docker run), swarm, kubernetes, ecs (a task"
                            + " definition) or json. Default: compose.")
    private Format format = Format.COMPOSE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the proposal to a file. Default: standard output.")
    private @Nullable Path output;

    @Override
    public Integer call() throws UserError {
        RecommendOptions.Parsed parsed = options.parse();
        OutputTarget.checkWritable("proposal", output);
        Terminal terminal = context.terminal();
        ProgressLine progressLine = new ProgressLine(context.err(), terminal.errIsTerminal());
        RecommendRunner.FindResult found;
        RecommendRunner.Result result;
        try (RecommendRunner recommend =
                        new RecommendRunner(configuration(), context.environment());
                InterruptHandler _ = InterruptHandler.install(recommend::stopEarly)) {
            found = recommend.find(parsed.selection());
            checkFound(parsed.selection(), found);
            result = recommend.run(found, parsed.request(), new RecommendProgress(progressLine));
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.escape(e.line()));
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED.number();
        } finally {
            progressLine.clear();
        }
        found.errors().forEach(l -> context.printError(UntrustedText.escape(l)));
        for (String name : result.withoutEvidence()) {
            context.printError(
                    "there is no evidence of what container "
                            + UntrustedText.escape(name)
                            + " writes: start it, and let it do its usual work");
        }
        ProposalFormat renderer = renderer();
        OutputTarget.write(
                "proposal",
                out -> renderer.write(result.recommendations(), out),
                context,
                UTF_8,
                output);
        renderer.remarks(result.recommendations())
                .forEach(remark -> context.err().println(UntrustedText.escape(remark)));
        return exitCode(found, result).number();
    }

    private Configuration configuration() throws UserError {
        try {
            return engine.configuration();
        } catch (ConfigurationException e) {
            throw new UserError(ExitCode.USAGE, e.mistakes());
        }
    }

    /// Reports mistakes in the selection before a long observation starts.
    private static void checkFound(
            RecommendRunner.ContainerSelection selection, RecommendRunner.FindResult found)
            throws UserError {
        List<String> mistakes = new ArrayList<>();
        if (found.errors().isEmpty()) {
            found.unknown()
                    .forEach(r ->
                            mistakes.add(
                                    "no container "
                                            + UntrustedText.escape(r)
                                            + " on "
                                            + UntrustedText.escape(String.join(", ", found.hosts()))
                                            + ": "
                                            + listCommand(found.hosts())));
        }
        found.ambiguous()
                .forEach(r ->
                        mistakes.add(
                                "more than one engine has a container "
                                        + UntrustedText.escape(r)
                                        + ": select the engine with --host, or use the"
                                        + " container's id"));
        if (!mistakes.isEmpty()) {
            throw new UserError(ExitCode.USAGE, mistakes);
        }
        if (found.subjects().isEmpty()) {
            throw found.errors().isEmpty()
                    ? new UserError(ExitCode.USAGE, noContainersMessage(selection))
                    : new UserError(
                            ExitCode.UNVERIFIED,
                            found.errors().stream().map(UntrustedText::escape).toList());
        }
    }

    /// A runtime of Kubernetes has no docker command, and names of its own for containers.
    private static String listCommand(List<String> hosts) {
        return hosts.stream().allMatch(host -> !EngineScheme.of(host).isDockerApi())
                ? "writeprobe audit lists those that run"
                : "docker ps -a lists all containers";
    }

    private static String noContainersMessage(RecommendRunner.ContainerSelection selection) {
        return switch (selection) {
            case RecommendRunner.ContainerSelection.Named _,
                    RecommendRunner.ContainerSelection.All _ ->
                    "no container is running: start those that you want a proposal for";
            case RecommendRunner.ContainerSelection.Project(String name) ->
                    "no running container belongs to the Compose project "
                            + UntrustedText.escape(name)
                            + ": docker compose ls lists the projects";
        };
    }

    private ProposalFormat renderer() {
        return switch (format) {
            case COMPOSE -> new ComposeFormat();
            case RUN -> new DockerRunFormat();
            case SWARM -> new SwarmFormat();
            case KUBERNETES -> new KubernetesFormat();
            case ECS -> new EcsTaskDefinitionFormat();
            case JSON -> new ProposalJsonFormat(BuildInfo.current().version());
        };
    }

    private static ExitCode exitCode(
            RecommendRunner.FindResult found, RecommendRunner.Result result) {
        List<ProofResult.Outcome> outcomes =
                result.recommendations().stream()
                        .flatMap(r -> r.proof().stream())
                        .map(ProofResult::outcome)
                        .toList();
        if (outcomes.contains(ProofResult.Outcome.REFUTED)) {
            return ExitCode.FINDINGS;
        }
        boolean undecided =
                outcomes.contains(ProofResult.Outcome.UNDECIDED)
                        || !found.errors().isEmpty()
                        || !result.withoutEvidence().isEmpty();
        return undecided ? ExitCode.UNVERIFIED : ExitCode.COMPLIANT;
    }
}
