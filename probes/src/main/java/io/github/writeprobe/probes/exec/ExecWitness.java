package io.github.writeprobe.probes.exec;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Probes a container with a shell script that runs in it: one exec for all paths, and for every
/// mount that the script finds in the container's mount table.
///
/// The command line is `sh -c SCRIPT writeprobe NONCE PATH…`, so that security tools can recognise
/// it. It takes some 60 ms, of which 75 ms of CPU time are the engine's.
public final class ExecWitness {
    private final ExecRunner channel;
    private final Duration timeout;
    private final boolean execute;

    /// @param timeout for one whole exec
    /// @param execute whether to run the file that was written; security tools may raise an alert
    public ExecWitness(ExecRunner channel, Duration timeout, boolean execute) {
        this.channel = requireNonNull(channel);
        this.timeout = requireNonNull(timeout);
        this.execute = execute;
    }

    /// Probes the paths, and every other mount point in the container's mount table.
    ///
    /// @param container the container's id
    /// @param paths absolute paths; others are ignored
    /// @throws InterruptedException if the caller is interrupted; the script in the container then
    ///   removes its files and ends, since its standard input ends
    public ProbeResult probe(String container, ProbeIdentity identity, List<String> paths)
            throws InterruptedException {
        ProbeScriptRun run = ProbeScriptRun.start(WitnessName.EXEC, identity, paths);
        ProbeResult result = runScript(run, container, "sh", identity);
        // A container's PATH may not contain the directory of its shell.
        return result.trouble().filter(t -> t.cause() == InconclusiveCause.NO_SHELL).isPresent()
                ? runScript(run, container, "/bin/sh", identity)
                : result;
    }

    private ProbeResult runScript(
            ProbeScriptRun run, String container, String shell, ProbeIdentity identity)
            throws InterruptedException {
        Optional<String> user =
                switch (identity) {
                    case SERVICE -> Optional.empty();
                    case ROOT -> Optional.of("0:0");
                };
        List<String> command =
                Stream.concat(
                                Stream.of(shell, "-c", ProbeScript.text(execute)),
                                run.arguments().stream())
                        .toList();
        return run.finish(
                channel.run(container, command, user, timeout, ProbeScriptRun.MAX_OUTPUT_BYTES));
    }
}
