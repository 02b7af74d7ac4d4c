package io.github.writeprobe.cli;

import io.github.writeprobe.agent.RecommendRunner;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.Durations;
import io.github.writeprobe.config.KnownImagesReader;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.prove.Prover;
import io.github.writeprobe.text.UntrustedText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `recommend`: which containers, how long to observe them, and whether to prove the
/// proposal.
final class RecommendOptions {
    private static final Duration MIN_PROOF_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MAX_PROOF_TIMEOUT = Duration.ofMinutes(10);
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})([mg])");

    @Parameters(paramLabel = "CONTAINER", description = "Names or ids.")
    private List<String> containers = List.of();

    @Option(
            names = "--compose-project",
            paramLabel = "PROJECT",
            description = "The running containers of a Compose project, all watched in parallel.")
    private @Nullable String composeProject;

    @Option(names = "--all", description = "All running containers, all watched in parallel.")
    private boolean all;

    @Option(
            names = "--observe",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "How long to watch writes: 30s, 10m, 1h. During this time, let the containers do"
                            + " all of their usual work. Ctrl-C ends the watch early. 0s: do not watch,"
                            + " use only what was written so far. Default: ${DEFAULT-VALUE}.")
    private String observe = "30s";

    @Option(
            names = "--known-images",
            paramLabel = "FILE",
            description =
                    "Descriptions of your own images, in addition to the built-in ones of popular"
                            + " images; see docs/recommend.md.")
    private @Nullable Path knownImages;

    @Option(
            names = "--prove",
            description =
                    "Test the proposal on clones, with copies of the volumes, and on a separate"
                            + " network. The clones are removed at the end, also after Ctrl-C. The"
                            + " original containers and volumes are not changed.")
    private boolean prove;

    @Option(
            names = "--exercise",
            paramLabel = "CMD",
            description =
                    "With --prove: a shell command that uses the clone and succeeds if the clone"
                            + " works. It runs on this machine, with the clone's name in"
                            + " WRITEPROBE_CONTAINER and its address in WRITEPROBE_ADDRESS."
                            + " Default: the health check, or the start alone if there is none.")
    private @Nullable String exercise;

    @Option(
            names = "--prove-timeout",
            paramLabel = "DURATION",
            description = "With --prove: how long a proof may take, at most 10m. Default: 5m.")
    private @Nullable String proveTimeout;

    @Option(
            names = "--prove-copy",
            paramLabel = "SIZE",
            description =
                    "With --prove: how much may be copied for each container, such as 500m or 20g."
                            + " Default: 1g.")
    private @Nullable String proveCopy;

    /// The parsed options.
    record Parsed(RecommendRunner.ContainerSelection selection, RecommendRunner.Request request) {}

    /// @throws UserError with a line for each mistake
    Parsed parse() throws UserError {
        List<String> mistakes = new ArrayList<>();
        RecommendRunner.ContainerSelection selection = selection(mistakes);
        Duration observationTime = parseDuration("--observe", observe, Duration.ZERO, mistakes);
        Optional<RecommendRunner.ProofOptions> proofOptions = proofOptions(mistakes);
        KnownImages known = readKnownImages(mistakes);
        if (!mistakes.isEmpty()) {
            throw new UserError(ExitCode.USAGE, mistakes);
        }
        return new Parsed(
                selection, new RecommendRunner.Request(observationTime, known, proofOptions));
    }

    private KnownImages readKnownImages(List<String> mistakes) {
        KnownImages builtIn = KnownImagesReader.builtIn();
        if (knownImages == null) {
            return builtIn;
        }
        try {
            return builtIn.with(KnownImagesReader.read(knownImages));
        } catch (ConfigurationException e) {
            mistakes.addAll(e.mistakes());
            return builtIn;
        }
    }

    private RecommendRunner.ContainerSelection selection(List<String> mistakes) {
        int selections =
                (containers.isEmpty() ? 0 : 1) + (composeProject == null ? 0 : 1) + (all ? 1 : 0);
        if (selections == 0) {
            mistakes.add(
                    "no containers selected: name a container, or use --compose-project PROJECT or"
                            + " --all");
        }
        if (selections > 1) {
            mistakes.add(
                    "container names, --compose-project and --all cannot be combined: use one of"
                            + " them");
        }
        if (containers.stream().anyMatch(String::isBlank)) {
            mistakes.add(
                    "a container name is empty: omit it, or use --all for all running containers");
        }
        if (composeProject == null) {
            return all
                    ? new RecommendRunner.ContainerSelection.All()
                    : new RecommendRunner.ContainerSelection.Named(containers);
        }
        if (composeProject.isBlank()) {
            mistakes.add(
                    "--compose-project is empty: name a project; docker compose ls lists them");
        }
        return new RecommendRunner.ContainerSelection.Project(composeProject);
    }

    private Optional<RecommendRunner.ProofOptions> proofOptions(List<String> mistakes) {
        if (!prove) {
            Map<String, Boolean> proofOnlyOptions = new LinkedHashMap<>();
            proofOnlyOptions.put("--exercise", exercise != null);
            proofOnlyOptions.put("--prove-timeout", proveTimeout != null);
            proofOnlyOptions.put("--prove-copy", proveCopy != null);
            proofOnlyOptions.forEach((option, present) -> {
                if (present) {
                    mistakes.add(option + " has no effect without --prove: add --prove");
                }
            });
            return Optional.empty();
        }
        if (exercise != null && exercise.isBlank()) {
            mistakes.add("--exercise is empty: omit it to use the health check");
        }
        if (exercise != null && containers.size() != 1) {
            mistakes.add("--exercise works with one container only: name that container");
        }
        Prover.Limits defaults = Prover.Limits.DEFAULT;
        Duration timeout =
                proveTimeout == null
                        ? defaults.total()
                        : parseDuration(
                                "--prove-timeout", proveTimeout, MIN_PROOF_TIMEOUT, mistakes);
        if (timeout.compareTo(MAX_PROOF_TIMEOUT) > 0) {
            mistakes.add(
                    "--prove-timeout "
                            + Durations.render(timeout)
                            + ": at most 10m, since a clone lives no longer");
        }
        long copyBytes = proveCopy == null ? defaults.copyBytes() : parseSize(proveCopy, mistakes);
        return Optional.of(
                new RecommendRunner.ProofOptions(
                        Optional.ofNullable(exercise),
                        new Prover.Limits(timeout, defaults.settlingTime(), copyBytes)));
    }

    private static long parseSize(String text, List<String> mistakes) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            mistakes.add(
                    "--prove-copy "
                            + UntrustedText.escape(text)
                            + ": write a number and a unit, such as 500m or 20g");
            return 0;
        }
        return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("g") ? 30 : 20);
    }

    private static Duration parseDuration(
            String option, String text, Duration minimum, List<String> mistakes) {
        Optional<Duration> duration = Durations.parse(text);
        if (duration.isEmpty()) {
            mistakes.add(
                    option
                            + " "
                            + UntrustedText.escape(text)
                            + ": write a number and a unit, such as 30s, 10m or 1h");
        } else if (duration.get().compareTo(minimum) < 0) {
            mistakes.add(
                    option
                            + " "
                            + UntrustedText.escape(text)
                            + ": at least "
                            + Durations.render(minimum)
                            + ", since a container has to start within that time");
        }
        return duration.orElse(minimum);
    }
}
