package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.agent.DiagnosisRunner;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.model.Diagnosis;
import io.github.writeprobe.report.DiagnosisJson;
import io.github.writeprobe.report.DiagnosisText;
import io.github.writeprobe.text.UntrustedText;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `writeprobe doctor`: what can be verified from here, and what would help.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Probes the running containers once, and shows which engines answer, which witnesses"
                        + " work, and how to fix those that do not.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:at least one engine answered",
            ExitCode.USAGE_HELP,
            "3:no engine answered, so nothing can be verified"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  writeprobe doctor", "  writeprobe doctor --format json"})
final class DoctorCommand implements Callable<Integer> {
    private final CommandContext context;

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin private ProbeCliOptions options = new ProbeCliOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json. Default: text.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws UserError, InterruptedException {
        Diagnosis diagnosis = diagnose(options.configuration(Optional.empty()));
        DiagnosisText text = new DiagnosisText(context.terminal().style(context.out()));
        OutputTarget.write(
                "diagnosis",
                out -> {
                    switch (format) {
                        case TEXT -> text.write(diagnosis, out);
                        case JSON -> DiagnosisJson.write(diagnosis, out);
                    }
                },
                context,
                format == Format.TEXT ? context.out().charset() : UTF_8,
                null);
        return (diagnosis.answeringEngines() > 0 ? ExitCode.COMPLIANT : ExitCode.UNVERIFIED)
                .number();
    }

    private Diagnosis diagnose(Configuration configuration) throws UserError, InterruptedException {
        ProgressLine line = new ProgressLine(context.err(), context.terminal().errIsTerminal());
        try {
            return new DiagnosisRunner(configuration, context.environment()).diagnose(line::probed);
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.escape(e.line()));
        } finally {
            line.clear();
        }
    }
}
