package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What one witness found out about one container, as one identity.
///
/// @param at when the probe started, by this host's clock
/// @param mounts the container's mount table; empty if the witness could not read it
/// @param observations one for each path that was probed
/// @param trouble why the witness has no result, or only a part of it
/// @param leftovers directories in which a probe file could not be removed
/// @param facts what else the kernel reports; none if the witness does not query the kernel
/// @param proofs what was proved about mounts without an attempt as this identity
public record ProbeResult(
        WitnessName witness,
        ProbeIdentity identity,
        Instant at,
        Duration took,
        MountTable mounts,
        List<PathObservation> observations,
        Optional<WriteResult.Inconclusive> trouble,
        List<String> leftovers,
        KernelFacts facts,
        Optional<ProvedPathCounts> proofs) {
    public ProbeResult {
        requireNonNull(witness);
        requireNonNull(identity);
        requireNonNull(at);
        requireNonNull(took);
        requireNonNull(mounts);
        observations = List.copyOf(observations);
        requireNonNull(trouble);
        leftovers = List.copyOf(leftovers);
        requireNonNull(facts);
        requireNonNull(proofs);
    }

    /// The mount table that counts: the kernel's own takes precedence over one that a container
    /// printed.
    ///
    /// @return an empty table if no witness could read it
    public static MountTable mountsOf(List<ProbeResult> results) {
        MountTable mounts = MountTable.EMPTY;
        for (ProbeResult result : results) {
            boolean known = !result.mounts().entries().isEmpty();
            if (known && result.witness() == WitnessName.PROCFS) {
                return result.mounts();
            }
            if (known && mounts.entries().isEmpty()) {
                mounts = result.mounts();
            }
        }
        return mounts;
    }

    /// Whether the mount table that counts is the kernel's own.
    public static boolean hasKernelMountTable(List<ProbeResult> results) {
        return results.stream()
                .anyMatch(
                        t -> t.witness() == WitnessName.PROCFS && !t.mounts().entries().isEmpty());
    }

    /// The kernel's facts; none if the kernel was not queried, or if that failed.
    public static KernelFacts factsOf(List<ProbeResult> results) {
        return results.stream()
                .filter(t -> t.witness() == WitnessName.PROCFS && t.trouble().isEmpty())
                .map(ProbeResult::facts)
                .findFirst()
                .orElse(KernelFacts.NONE);
    }

    /// The number of paths that were tried as this identity.
    public int triedCount() {
        int proved = 0;
        if (proofs.isPresent()) {
            for (int paths : proofs.get().readOnly().values()) {
                proved += paths;
            }
            for (int paths : proofs.get().writable().values()) {
                proved += paths;
            }
        }
        return observations.size() - proved;
    }

    /// A copy with other facts.
    public ProbeResult with(KernelFacts newFacts) {
        return new ProbeResult(
                witness,
                identity,
                at,
                took,
                mounts,
                observations,
                trouble,
                leftovers,
                newFacts,
                proofs);
    }

    /// The result of a witness that found out nothing.
    public static ProbeResult failed(
            WitnessName witness,
            ProbeIdentity identity,
            Instant at,
            Duration took,
            WriteResult.Inconclusive reason) {
        return new ProbeResult(
                witness,
                identity,
                at,
                took,
                MountTable.EMPTY,
                List.of(),
                Optional.of(reason),
                List.of(),
                KernelFacts.NONE,
                Optional.empty());
    }
}
