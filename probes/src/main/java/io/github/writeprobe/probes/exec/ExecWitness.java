package io.github.writeprobe.probes.exec;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Execute;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks a container by a shell script run in it: one exec for all paths, and for every mount that
/// the script finds in the container's mount table.
///
/// The command line is `sh -c SCRIPT writeprobe NONCE PATH…`, so that security tools can recognise
/// it. It takes some 60 ms, of which 75 ms of CPU time are the engine's.
public final class ExecWitness {
    /// Enough for a few thousand mounts and paths; more than that is a container that prints to do
    /// harm.
    static final int MAX_OUTPUT_BYTES = 2 << 20;

    private final ExecChannel channel;
    private final Duration timeout;
    private final boolean execute;

    /// @param timeout for one whole exec
    /// @param execute whether to run the file that was written; security tools may raise an alarm
    ///   at that
    public ExecWitness(ExecChannel channel, Duration timeout, boolean execute) {
        this.channel = requireNonNull(channel);
        this.timeout = requireNonNull(timeout);
        this.execute = execute;
    }

    /// Probes the paths, and every mount point that the container's mount table has besides.
    ///
    /// @param container its id
    /// @param paths absolute; one that is not is never tried
    /// @throws InterruptedException if the caller is interrupted; the script in the container then
    ///   removes its files and ends, since its standard input ends
    public Testimony testify(String container, Identity identity, List<String> paths)
            throws InterruptedException {
        Nonce nonce = Nonce.random();
        List<String> asked = paths.stream().filter(p -> p.startsWith("/")).distinct().toList();
        Optional<String> user =
                switch (identity) {
                    case SERVICE -> Optional.empty();
                    case ROOT -> Optional.of("0:0");
                };
        Instant at = Instant.now();
        long started = System.nanoTime();
        Transcript transcript = hear(container, "sh", nonce, asked, user);
        if (transcript.trouble().filter(t -> t.cause() == Cause.NO_SHELL).isPresent()) {
            // A container's PATH need not lead to the shell that it has.
            transcript = hear(container, "/bin/sh", nonce, asked, user);
        }
        return testimony(
                identity, at, Duration.ofNanos(System.nanoTime() - started), asked, transcript);
    }

    private Transcript hear(
            String container, String shell, Nonce nonce, List<String> asked, Optional<String> user)
            throws InterruptedException {
        List<String> command =
                Stream.concat(
                                Stream.of(
                                        shell,
                                        "-c",
                                        ProbeScript.text(execute),
                                        "writeprobe",
                                        Integer.toString(nonce.value())),
                                asked.stream())
                        .toList();
        return switch (channel.run(container, command, user, timeout, MAX_OUTPUT_BYTES)) {
            case ExecOutcome.Failed(Cause cause, String detail) -> Transcript.failed(cause, detail);
            case ExecOutcome.Finished(String output) ->
                    Transcript.read(output.replace("\r\n", "\n"), nonce, asked);
        };
    }

    private static Testimony testimony(
            Identity identity,
            Instant at,
            Duration took,
            List<String> asked,
            Transcript transcript) {
        if (transcript.trouble().isPresent()) {
            return Testimony.none(WitnessName.EXEC, identity, at, took, transcript.trouble().get());
        }
        List<Observation> observations = new ArrayList<>();
        List<String> leftovers = new ArrayList<>();
        for (Transcript.Heard heard : transcript.heard().values()) {
            observations.add(
                    new Observation(
                            WitnessName.EXEC,
                            identity,
                            transcript.uid(),
                            heard.path(),
                            heard.resolved(),
                            heard.write(),
                            heard.execute()));
            if (heard.left()) {
                leftovers.add(heard.resolved());
            }
        }
        Write.Inconclusive unheard =
                new Write.Inconclusive(transcript.withoutRm() ? Cause.NO_RM : Cause.NOT_PROBED, "");
        asked.stream()
                .filter(p ->
                        transcript.heard().values().stream().noneMatch(h -> h.path().equals(p)))
                .map(p ->
                        new Observation(
                                WitnessName.EXEC,
                                identity,
                                transcript.uid(),
                                p,
                                p,
                                unheard,
                                new Execute.Untested("nothing was written")))
                .forEach(observations::add);
        return new Testimony(
                WitnessName.EXEC,
                identity,
                at,
                took,
                transcript.mounts(),
                observations,
                transcript.withoutRm() ? Optional.of(unheard) : Optional.empty(),
                leftovers);
    }
}
