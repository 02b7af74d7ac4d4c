package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.ProvedPathCounts;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One use of a witness, and whether its result was conclusive.
///
/// @param at when the witness probed
/// @param trouble why its result is inconclusive or incomplete
/// @param proofs what it proved about mounts without an attempt as this identity
public record WitnessRun(
        WitnessName witness,
        ProbeIdentity identity,
        Instant at,
        Duration duration,
        Optional<WriteResult.Inconclusive> trouble,
        Optional<ProvedPathCounts> proofs) {
    /// A use of a witness that tried every path.
    public WitnessRun(
            WitnessName witness,
            ProbeIdentity identity,
            Instant at,
            Duration duration,
            Optional<WriteResult.Inconclusive> trouble) {
        this(witness, identity, at, duration, trouble, Optional.empty());
    }

    public static WitnessRun of(ProbeResult t) {
        return new WitnessRun(t.witness(), t.identity(), t.at(), t.took(), t.trouble(), t.proofs());
    }

    public WitnessRun {
        requireNonNull(witness);
        requireNonNull(identity);
        requireNonNull(at);
        requireNonNull(duration);
        requireNonNull(trouble);
        requireNonNull(proofs);
    }
}
