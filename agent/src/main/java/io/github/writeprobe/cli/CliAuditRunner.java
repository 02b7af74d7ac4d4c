package io.github.writeprobe.cli;

import io.github.writeprobe.agent.OneShotAudit;
import io.github.writeprobe.audit.AuditContainerCriteria;
import io.github.writeprobe.audit.Cycle;
import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.text.UntrustedText;
import java.util.List;

/// Runs an audit for a command, and turns failures into errors that say what to do.
final class CliAuditRunner {
    private CliAuditRunner() {}

    static Cycle.Result run(
            Configuration configuration, AuditContainerCriteria selection, CommandContext context)
            throws UserError, InterruptedException {
        Cycle.Result result;
        ProgressLine line = new ProgressLine(context.err(), context.terminal().errIsTerminal());
        try {
            result =
                    new OneShotAudit(configuration, context.environment())
                            .run(selection, line::probed);
        } catch (BadEndpoint e) {
            throw new UserError(ExitCode.USAGE, UntrustedText.escape(e.line()));
        } finally {
            line.clear();
        }
        boolean allAnswered = result.report().engines().stream().allMatch(e -> e.isUp());
        if (allAnswered && !result.unknown().isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    result.unknown().stream()
                            .map(r ->
                                    "no container "
                                            + UntrustedText.escape(r)
                                            + " on "
                                            + engineHosts(result)
                                            + ": docker ps lists the running containers")
                            .toList());
        }
        if (!result.notRunning().isEmpty() && result.report().containers().isEmpty()) {
            throw new UserError(ExitCode.UNVERIFIED, notRunning(result));
        }
        return result;
    }

    static List<String> notRunning(Cycle.Result result) {
        return result.notRunning().stream()
                .map(r ->
                        "container "
                                + UntrustedText.escape(r)
                                + " is not running, so it cannot be probed: start it first")
                .toList();
    }

    private static String engineHosts(Cycle.Result result) {
        return String.join(
                ", ",
                result.report().engines().stream()
                        .map(e -> UntrustedText.escape(e.host()))
                        .toList());
    }
}
