package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.Pass;
import io.github.writeprobe.cycle.Selection;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.report.JsonFormat;
import io.github.writeprobe.report.JunitFormat;
import io.github.writeprobe.report.MarkdownFormat;
import io.github.writeprobe.report.Plain;
import io.github.writeprobe.report.ReportFormat;
import io.github.writeprobe.report.SarifFormat;
import io.github.writeprobe.report.Style;
import io.github.writeprobe.report.TableFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writeprobe audit`: one pass, one report, one exit code.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Probes the running containers once and reports what can be written.",
        footer = {
            "",
            "Examples:",
            "  writeprobe audit",
            "  writeprobe audit web db --format json",
            "  writeprobe audit --filter name=shop --fail-on critical",
            "  writeprobe audit --format sarif --output writeprobe.sarif",
            "",
            "Exit codes:",
            "  0  no finding at or above --fail-on, and everything was verified",
            "  1  findings at or above --fail-on",
            "  2  wrong usage or configuration",
            "  3  no such finding, but something could not be verified"
        })
final class AuditCommand implements Callable<Integer> {
    enum Format {
        TABLE,
        JSON,
        SARIF,
        JUNIT,
        MARKDOWN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What Docker's and Podman's lists filter by.
    private static final List<String> FILTERS =
            List.of(
                    "ancestor",
                    "before",
                    "expose",
                    "health",
                    "id",
                    "is-task",
                    "isolation",
                    "label",
                    "name",
                    "network",
                    "pod",
                    "publish",
                    "since",
                    "volume");

    @Mixin private AuditOptions options = new AuditOptions();

    @Parameters(
            paramLabel = "CONTAINER",
            description = "Names or ids. Default: every running container.")
    private List<String> containers = List.of();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description =
                    "Only containers that the engine's own filter lets through, as in docker ps"
                            + " --filter: label=…, name=…, ancestor=…, network=…. May be repeated.")
    private List<String> filters = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "TABLE",
            description = "table, json, sarif, junit or markdown. Default: table.")
    private Format format = Format.TABLE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the report to a file. Default: standard output.")
    private @Nullable Path output;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description =
                    "The least severity that makes the exit code 1: critical, high, medium or low."
                            + " Default: the policy's, which is high by default.")
    private @Nullable Severity failOn;

    @Override
    public Integer call() throws UserError, InterruptedException {
        Configuration configuration = options.configuration(Optional.ofNullable(failOn));
        Terminal terminal = new Terminal(System.getenv());
        Pass.Result result = AuditRun.run(configuration, selection(), terminal);
        AuditRun.notRunning(result).forEach(line -> System.err.println("writeprobe: " + line));
        boolean empty = !filters.isEmpty() && result.report().containers().isEmpty();
        if (empty && result.report().engines().stream().allMatch(EngineReport::up)) {
            throw new UserError(
                    ExitCode.UNVERIFIED,
                    "no running container matches --filter, so nothing was verified");
        }
        Severity bar = configuration.policy().failOn();
        Output.write(
                result.report(),
                renderer(bar, terminal),
                format == Format.TABLE ? System.out.charset() : UTF_8,
                output);
        ExitCode code = ExitCode.of(result.report().outcome(bar));
        return (code == ExitCode.COMPLIANT && !result.notRunning().isEmpty()
                        ? ExitCode.UNVERIFIED
                        : code)
                .number();
    }

    private ReportFormat renderer(Severity bar, Terminal terminal) {
        return switch (format) {
            case TABLE ->
                    new TableFormat(output == null ? terminal.style(System.out) : Style.PLAIN);
            case JSON -> new JsonFormat();
            case SARIF -> new SarifFormat();
            case JUNIT -> new JunitFormat(bar);
            case MARKDOWN -> new MarkdownFormat();
        };
    }

    private Selection selection() throws UserError {
        Map<String, List<String>> byKey = new LinkedHashMap<>();
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            if (equals < 1) {
                throw new UserError(
                        ExitCode.USAGE,
                        "--filter takes KEY=VALUE, as in --filter label=com.docker.compose.project=shop");
            }
            if (!FILTERS.contains(filter.substring(0, equals))) {
                throw new UserError(
                        ExitCode.USAGE,
                        "--filter "
                                + Plain.text(filter)
                                + ": engines can filter by "
                                + String.join(", ", FILTERS));
            }
            byKey.computeIfAbsent(filter.substring(0, equals), k -> new ArrayList<>())
                    .add(filter.substring(equals + 1));
        }
        if (!containers.isEmpty() && !byKey.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "name containers or give --filter, not both: a name is exact already");
        }
        if (containers.stream().anyMatch(String::isBlank)) {
            throw new UserError(
                    ExitCode.USAGE, "a container's name is empty: leave it out to audit all");
        }
        return new Selection(containers, byKey);
    }
}
