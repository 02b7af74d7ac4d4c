package io.github.writeprobe.cli;

import io.github.writeprobe.agent.Recommend;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.Durations;
import io.github.writeprobe.config.KnownImagesReader;
import io.github.writeprobe.recommend.Prover;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.report.UntrustedText;
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

/// What recommend is asked for: of which containers, for how long, and whether to prove it.
final class RecommendOptions {
    private static final Duration MIN_PROOF_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MAX_PROOF_TIMEOUT = Duration.ofMinutes(10);
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})([mg])");

    @Parameters(paramLabel = "CONTAINER", description = "Names or ids.")
    private List<String> containers = List.of();

    @Option(
            names = "--compose-project",
            paramLabel = "PROJECT",
            description = "The running containers of a Compose project, all watched at once.")
    private @Nullable String composeProject;

    @Option(names = "--all", description = "All running containers, all watched at once.")
    private boolean all;

    @Option(
            names = "--observe",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "For how long to watch writes as they happen: 30s, 10m, 1h. Meanwhile let the"
                            + " containers do all that they do. Ctrl-C ends it early. 0s: only look at"
                            + " what was written so far. Default: ${DEFAULT-VALUE}.")
    private String observe = "30s";

    @Option(
            names = "--known-images",
            paramLabel = "FILE",
            description =
                    "What you know of your own images, beside what is known of popular ones; see"
                            + " docs/recommend.md.")
    private @Nullable Path knownImages;

    @Option(
            names = "--prove",
            description =
                    "Try the proposal on clones, with copies of the volumes, and on a network of"
                            + " their own. Clones are always removed; containers and volumes stay as"
                            + " they are.")
    private boolean prove;

    @Option(
            names = "--exercise",
            paramLabel = "CMD",
            description =
                    "With --prove: a shell command that uses the clone and succeeds where it works."
                            + " It runs on this machine, with WRITEPROBE_CONTAINER and"
                            + " WRITEPROBE_ADDRESS in its environment. Default: the health check, or"
                            + " else the start alone.")
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
                    "With --prove: how much may be copied for each container, 500m or 20g. Default:"
                            + " 1g.")
    private @Nullable String proveCopy;

    /// What the options say.
    record Parsed(Recommend.ContainerSelection selection, Recommend.Request request) {}

    /// @throws UserError with a line for each mistake
    Parsed parse() throws UserError {
        List<String> mistakes = new ArrayList<>();
        Recommend.ContainerSelection selection = selection(mistakes);
        Duration observationTime = parseDuration("--observe", observe, Duration.ZERO, mistakes);
        Optional<Recommend.ProofOptions> proofOptions = proofOptions(mistakes);
        KnownImages known = readKnownImages(mistakes);
        if (!mistakes.isEmpty()) {
            throw new UserError(ExitCode.USAGE, mistakes);
        }
        return new Parsed(selection, new Recommend.Request(observationTime, known, proofOptions));
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

    private Recommend.ContainerSelection selection(List<String> mistakes) {
        int selections =
                (containers.isEmpty() ? 0 : 1) + (composeProject == null ? 0 : 1) + (all ? 1 : 0);
        if (selections == 0) {
            mistakes.add("name a container, or give --compose-project PROJECT or --all");
        }
        if (selections > 1) {
            mistakes.add(
                    "name containers, or give --compose-project, or --all: one of them, not several");
        }
        if (containers.stream().anyMatch(String::isBlank)) {
            mistakes.add("a container's name is empty: leave it out, or give --all for all");
        }
        if (composeProject == null) {
            return all
                    ? new Recommend.ContainerSelection.All()
                    : new Recommend.ContainerSelection.Named(containers);
        }
        if (composeProject.isBlank()) {
            mistakes.add("--compose-project is empty: docker ps --format '{{.Labels}}' shows them");
        }
        return new Recommend.ContainerSelection.Project(composeProject);
    }

    private Optional<Recommend.ProofOptions> proofOptions(List<String> mistakes) {
        if (!prove) {
            Map<String, Boolean> proofOnlyOptions = new LinkedHashMap<>();
            proofOnlyOptions.put("--exercise", exercise != null);
            proofOnlyOptions.put("--prove-timeout", proveTimeout != null);
            proofOnlyOptions.put("--prove-copy", proveCopy != null);
            proofOnlyOptions.forEach((option, present) -> {
                if (present) {
                    mistakes.add(option + " is for a proof: give --prove as well");
                }
            });
            return Optional.empty();
        }
        if (exercise != null && exercise.isBlank()) {
            mistakes.add("--exercise is empty: leave it out to go by the health check");
        }
        if (exercise != null && containers.size() != 1) {
            mistakes.add("--exercise is a command for one container: name that one");
        }
        Prover.Limits defaults = Prover.Limits.DEFAULT;
        Duration timeout =
                proveTimeout == null
                        ? defaults.total()
                        : parseDuration(
                                "--prove-timeout", proveTimeout, MIN_PROOF_TIMEOUT, mistakes);
        if (timeout.compareTo(MAX_PROOF_TIMEOUT) > 0) {
            mistakes.add(
                    "--prove-timeout " + Durations.render(timeout) + ": a clone lives 10m at most");
        }
        long copyBytes = proveCopy == null ? defaults.copyBytes() : parseSize(proveCopy, mistakes);
        return Optional.of(
                new Recommend.ProofOptions(
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
                            + ", since a container has to start in it");
        }
        return duration.orElse(minimum);
    }
}
