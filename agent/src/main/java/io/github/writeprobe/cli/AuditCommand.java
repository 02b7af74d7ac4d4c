package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.agent.BuildInfo;
import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.metrics.PrometheusTextfileFormat;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.report.JsonFormat;
import io.github.writeprobe.report.JunitFormat;
import io.github.writeprobe.report.MarkdownFormat;
import io.github.writeprobe.report.ReportFormat;
import io.github.writeprobe.report.ReportWording;
import io.github.writeprobe.report.SarifFormat;
import io.github.writeprobe.report.TableFormat;
import io.github.writeprobe.report.html.HtmlFormat;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
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

/// `writeprobe audit`: one cycle, one report, one exit code.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Probes the running containers once and reports what can be written.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.COMPLIANT_HELP,
            ExitCode.FINDINGS_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.UNVERIFIED_HELP
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  writeprobe audit",
            "  writeprobe audit web db --format json",
            "  writeprobe audit --filter name=shop --fail-on critical",
            "  writeprobe audit --watch",
            "  writeprobe audit --format sarif --output writeprobe.sarif"
        })
final class AuditCommand implements Callable<Integer> {
    private final CommandContext context;

    AuditCommand(CommandContext context) {
        this.context = context;
    }

    enum Format {
        TABLE,
        JSON,
        SARIF,
        JUNIT,
        MARKDOWN,
        HTML,
        PROMETHEUS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The filters that Docker's and Podman's container lists support, and those for pods.
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
                    "namespace",
                    "network",
                    "pod",
                    "publish",
                    "since",
                    "volume");

    @Mixin private ProbeCliOptions options = new ProbeCliOptions();

    @Parameters(
            paramLabel = "CONTAINER",
            description = "Names or ids. Default: every running container.")
    private List<String> containers = List.of();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description =
                    "Audit only containers that match. The filters are those of docker ps --filter,"
                            + " such as label=…, name=…, ancestor=… and network=…. On a Kubernetes"
                            + " node: namespace=…, pod=…, label=…, name=…, id=… and ancestor=…. May"
                            + " be repeated.")
    private List<String> filters = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "TABLE",
            description =
                    "One of ${COMPLETION-CANDIDATES}. prometheus is for node_exporter's textfile"
                            + " collector. Default: table.")
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
                    "The lowest severity (critical, high, medium or low) that makes the exit code 1."
                            + " Default: that of the configuration file (policy.fail-on), or high.")
    private @Nullable Severity failOn;

    @Option(
            names = {"-w", "--watch"},
            description =
                    "Keep the table up to date on the terminal until Ctrl-C; the exit code is that"
                            + " of the last report.")
    private boolean watch;

    @Override
    public Integer call() throws UserError, InterruptedException {
        Configuration configuration = options.configuration(Optional.ofNullable(failOn));
        Terminal terminal = context.terminal();
        if (watch) {
            checkWatch(terminal);
        }
        AuditContainerCriteria selection = selection();
        Cycle.Result result = CliAuditRunner.run(configuration, selection, context);
        CliAuditRunner.notRunning(result).forEach(line -> context.printError(line));
        boolean empty = !filters.isEmpty() && result.report().containers().isEmpty();
        if (empty && result.report().engines().stream().allMatch(EngineReport::isUp)) {
            throw new UserError(
                    ExitCode.UNVERIFIED,
                    result.report().excludedCount() == 0
                            ? "no running container matches --filter, so nothing was verified"
                            : "no running container matches --filter except "
                                    + ReportWording.excluded(result.report())
                                    + ", so nothing was verified; to audit one of them, name it");
        }
        Report report =
                watch
                        ? new AuditWatch(context).run(configuration, selection, result.report())
                        : result.report();
        Severity threshold = configuration.policy().failOn();
        ReportFormat renderer = renderer(configuration, terminal);
        OutputTarget.write(
                "report",
                out -> renderer.write(report, out),
                context,
                format == Format.TABLE ? context.out().charset() : UTF_8,
                output);
        ExitCode code = ExitCode.of(report.outcome(threshold));
        return (code == ExitCode.COMPLIANT && !result.notRunning().isEmpty()
                        ? ExitCode.UNVERIFIED
                        : code)
                .number();
    }

    private void checkWatch(Terminal terminal) throws UserError {
        if (format != Format.TABLE || output != null) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--watch cannot be combined with --format or --output: omit them, or run"
                            + " writeprobe agent, whose /api/v1/report is always up to date");
        }
        if (!terminal.canRedraw()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--watch requires a terminal that can be redrawn on standard output: omit"
                            + " --watch, or run writeprobe agent");
        }
    }

    private ReportFormat renderer(Configuration configuration, Terminal terminal) {
        return switch (format) {
            case TABLE ->
                    new TableFormat(
                            output == null ? terminal.style(context.out()) : TerminalStyle.PLAIN);
            case JSON -> new JsonFormat();
            case SARIF -> new SarifFormat();
            case JUNIT -> new JunitFormat(configuration.policy().failOn());
            case MARKDOWN -> new MarkdownFormat();
            case HTML -> new HtmlFormat();
            case PROMETHEUS ->
                    new PrometheusTextfileFormat(
                            BuildInfo.current().toMetrics(), configuration.metrics().paths());
        };
    }

    private AuditContainerCriteria selection() throws UserError {
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
                                + UntrustedText.escape(filter)
                                + ": unknown filter; the engines support "
                                + String.join(", ", FILTERS));
            }
            byKey.computeIfAbsent(filter.substring(0, equals), k -> new ArrayList<>())
                    .add(filter.substring(equals + 1));
        }
        if (!containers.isEmpty() && !byKey.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    "container names and --filter cannot be combined: omit one of them");
        }
        if (containers.stream().anyMatch(String::isBlank)) {
            throw new UserError(
                    ExitCode.USAGE, "a container name is empty: omit it to audit all containers");
        }
        return new AuditContainerCriteria(containers, byKey);
    }
}
