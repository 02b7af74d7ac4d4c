package io.github.writeprobe.probes.exec;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One run of the probe script, wherever that is: what it is given, and what is made of its output.
public final class ScriptRun {
    /// Enough for a few thousand mounts and paths; more than that is a container that prints to do
    /// harm.
    public static final int MAX_OUTPUT_BYTES = 2 << 20;

    private final WitnessName witness;
    private final Identity identity;
    private final Nonce nonce;
    private final List<String> asked;
    private final Instant at = Instant.now();
    private final long started = System.nanoTime();

    private ScriptRun(WitnessName witness, Identity identity, Nonce nonce, List<String> asked) {
        this.witness = requireNonNull(witness);
        this.identity = requireNonNull(identity);
        this.nonce = nonce;
        this.asked = asked;
    }

    /// The clock runs from now on.
    ///
    /// @param paths absolute; one that is not is never tried
    public static ScriptRun begin(WitnessName witness, Identity identity, List<String> paths) {
        return new ScriptRun(
                witness,
                identity,
                Nonce.random(),
                paths.stream().filter(p -> p.startsWith("/")).distinct().toList());
    }

    /// The script for a process that is not the container's own, but in its PID namespace and with
    /// its root directory.
    ///
    /// @param limit how long that process may live, however its connection ends; whole seconds
    public static String besideIt(boolean execute, Duration limit) {
        return ProbeScript.besideIt(execute, limit);
    }

    /// The script's name, which is how security tools know it, and its arguments.
    public List<String> arguments() {
        return Stream.concat(
                        Stream.of("writeprobe", Integer.toString(nonce.value())), asked.stream())
                .toList();
    }

    /// What came of it.
    public ProbeResult end(ExecOutcome outcome) {
        return testimony(
                switch (outcome) {
                    case ExecOutcome.Failed(Cause cause, String detail) ->
                            Transcript.failed(cause, detail);
                    case ExecOutcome.Finished(String output) ->
                            Transcript.read(output.replace("\r\n", "\n"), nonce, asked);
                });
    }

    private ProbeResult testimony(Transcript transcript) {
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        if (transcript.trouble().isPresent()) {
            return ProbeResult.none(witness, identity, at, took, transcript.trouble().get());
        }
        List<Observation> observations = new ArrayList<>();
        List<String> leftovers = new ArrayList<>();
        for (Transcript.Heard heard : transcript.heard().values()) {
            observations.add(
                    new Observation(
                            witness,
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
                                witness,
                                identity,
                                transcript.uid(),
                                p,
                                p,
                                unheard,
                                new ExecutionOutcome.Untested(Transcript.NO_ATTEMPT)))
                .forEach(observations::add);
        return new ProbeResult(
                witness,
                identity,
                at,
                took,
                transcript.mounts(),
                observations,
                transcript.withoutRm() ? Optional.of(unheard) : Optional.empty(),
                leftovers);
    }
}
