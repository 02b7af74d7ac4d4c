package io.github.writeprobe.probes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All that one witness said about one container, as one identity.
///
/// @param at when the witness was asked, by this machine's clock
/// @param mounts the container's mount table; empty where the witness could not read it
/// @param observations one for each path that was probed
/// @param trouble why the witness could not testify, or not to the end
/// @param leftovers directories in which a probe file could not be removed
/// @param facts what the kernel says besides; none where the witness does not ask the kernel
public record ProbeResult(
        WitnessName witness,
        Identity identity,
        Instant at,
        Duration took,
        MountTable mounts,
        List<Observation> observations,
        Optional<Write.Inconclusive> trouble,
        List<String> leftovers,
        KernelFacts facts) {
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
    }

    /// Of a witness in the container, whom whatever confines the container confines too.
    public ProbeResult(
            WitnessName witness,
            Identity identity,
            Instant at,
            Duration took,
            MountTable mounts,
            List<Observation> observations,
            Optional<Write.Inconclusive> trouble,
            List<String> leftovers) {
        this(
                witness,
                identity,
                at,
                took,
                mounts,
                observations,
                trouble,
                leftovers,
                KernelFacts.NONE);
    }

    /// The mount table that counts: the kernel's own, before what a container printed.
    ///
    /// @return an empty one if no witness could read it
    public static MountTable mountsOf(List<ProbeResult> results) {
        return results.stream()
                .filter(t -> !t.mounts().entries().isEmpty())
                .min(Comparator.comparing(t -> t.witness() != WitnessName.PROCFS))
                .map(ProbeResult::mounts)
                .orElse(MountTable.EMPTY);
    }

    /// Whether the mount table that counts is the kernel's own.
    public static boolean hasKernelMountTable(List<ProbeResult> results) {
        return results.stream()
                .anyMatch(
                        t -> t.witness() == WitnessName.PROCFS && !t.mounts().entries().isEmpty());
    }

    /// The kernel's facts; none if it was not asked, or could not answer.
    public static KernelFacts factsOf(List<ProbeResult> results) {
        return results.stream()
                .filter(t -> t.witness() == WitnessName.PROCFS && t.trouble().isEmpty())
                .map(ProbeResult::facts)
                .findFirst()
                .orElse(KernelFacts.NONE);
    }

    /// The same with other facts.
    public ProbeResult with(KernelFacts newFacts) {
        return new ProbeResult(
                witness, identity, at, took, mounts, observations, trouble, leftovers, newFacts);
    }

    /// A witness that could not say anything.
    public static ProbeResult failed(
            WitnessName witness,
            Identity identity,
            Instant at,
            Duration took,
            Write.Inconclusive reason) {
        return new ProbeResult(
                witness,
                identity,
                at,
                took,
                MountTable.EMPTY,
                List.of(),
                Optional.of(reason),
                List.of());
    }
}
