package io.github.writeprobe.probes.exec;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One run of the probe script, by any witness: its arguments, and the interpretation of its
/// output.
public final class ProbeScriptRun {
    /// Enough for a few thousand mounts and paths. A container that prints more is faulty or
    /// hostile.
    public static final int MAX_OUTPUT_BYTES = 2 << 20;

    private final WitnessName witness;
    private final ProbeIdentity identity;
    private final Nonce nonce;
    private final List<String> requestedPaths;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();

    private ProbeScriptRun(
            WitnessName witness, ProbeIdentity identity, Nonce nonce, List<String> requestedPaths) {
        this.witness = requireNonNull(witness);
        this.identity = requireNonNull(identity);
        this.nonce = nonce;
        this.requestedPaths = requestedPaths;
    }

    /// Starts a run, and its clock.
    ///
    /// @param paths absolute paths; others are ignored
    public static ProbeScriptRun start(
            WitnessName witness, ProbeIdentity identity, List<String> paths) {
        return new ProbeScriptRun(
                witness,
                identity,
                Nonce.random(),
                paths.stream().filter(p -> p.startsWith("/")).distinct().toList());
    }

    /// The script for a helper, which is not a process of the container but is in its PID namespace
    /// and has its root directory.
    ///
    /// @param limit how long that process may run, even if its connection stays open; whole seconds
    public static String helperScript(boolean execute, Duration limit) {
        return ProbeScript.textForHelper(execute, limit);
    }

    /// The script's name, by which security tools recognise it, and its arguments.
    public List<String> arguments() {
        return Stream.concat(
                        Stream.of("writeprobe", Integer.toString(nonce.value())),
                        requestedPaths.stream())
                .toList();
    }

    /// Ends the run and returns its result.
    public ProbeResult finish(ExecOutcome outcome) {
        return toProbeResult(
                switch (outcome) {
                    case ExecOutcome.Failed(InconclusiveCause cause, String detail) ->
                            ProbeScriptOutput.failed(cause, detail);
                    case ExecOutcome.Finished(String output) ->
                            ProbeScriptOutput.parse(
                                    output.replace("\r\n", "\n"), nonce, requestedPaths);
                });
    }

    private ProbeResult toProbeResult(ProbeScriptOutput transcript) {
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (transcript.trouble().isPresent()) {
            return ProbeResult.failed(
                    witness, identity, startedAt, duration, transcript.trouble().get());
        }
        List<PathObservation> observations = new ArrayList<>();
        List<String> leftovers = new ArrayList<>();
        for (ProbeScriptOutput.ParsedPath outcome : transcript.outcomes().values()) {
            observations.add(
                    new PathObservation(
                            witness,
                            identity,
                            transcript.uid(),
                            outcome.path(),
                            outcome.resolved(),
                            outcome.write(),
                            outcome.execute()));
            if (outcome.leftover()) {
                leftovers.add(outcome.resolved());
            }
        }
        WriteResult.Inconclusive notProbed =
                new WriteResult.Inconclusive(
                        transcript.rmMissing()
                                ? InconclusiveCause.NO_RM
                                : InconclusiveCause.NOT_PROBED,
                        "");
        requestedPaths.stream()
                .filter(p ->
                        transcript.outcomes().values().stream().noneMatch(h -> h.path().equals(p)))
                .map(p ->
                        new PathObservation(
                                witness,
                                identity,
                                transcript.uid(),
                                p,
                                p,
                                notProbed,
                                new FileExecutionResult.Untested(ProbeScriptOutput.NO_ATTEMPT)))
                .forEach(observations::add);
        return new ProbeResult(
                witness,
                identity,
                startedAt,
                duration,
                transcript.mounts(),
                observations,
                transcript.rmMissing() ? Optional.of(notProbed) : Optional.empty(),
                leftovers,
                KernelFacts.NONE,
                Optional.empty());
    }
}
