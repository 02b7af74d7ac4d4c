package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.util.List;

/// What the observations on one mount prove about it, taken together. Where the kernel itself was
/// asked and its answer proves something, no other counts; and where it was asked, nobody else's
/// refusal proves a mount read-only.
sealed interface MountProof {
    /// Somebody could write to it, or would have but for want of space.
    record NotReadOnly(List<Observation> observations) implements MountProof {}

    /// The kernel refused with EROFS, and nobody could write.
    record ReadOnly(List<Observation> observations) implements MountProof {}

    /// Neither was seen.
    ///
    /// @param reason in words for a person
    record Nothing(String reason) implements MountProof {}

    /// @param kernelAsked whether the kernel was asked about the container
    /// @param reasonIfEmpty why there is no observation, if there is none
    static MountProof of(
            List<Observation> observations, boolean kernelAsked, String reasonIfEmpty) {
        List<Observation> kernelObservations =
                observations.stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS && isConclusive(o))
                        .toList();
        if (!kernelObservations.isEmpty()) {
            return fromAll(kernelObservations, reasonIfEmpty);
        }
        MountProof proof = fromAll(observations, reasonIfEmpty);
        return kernelAsked && proof instanceof ReadOnly
                ? new Nothing("the kernel was asked, and could not tell")
                : proof;
    }

    private static boolean isConclusive(Observation o) {
        return switch (o.write()) {
            case Write.Writable() -> true;
            case Write.Refused refused -> refused.proof() != Errno.Proof.NOTHING;
            case Write.Absent _, Write.Inconclusive _ -> false;
        };
    }

    private static MountProof fromAll(List<Observation> observations, String reasonIfEmpty) {
        List<Observation> writes =
                observations.stream()
                        .filter(o ->
                                switch (o.write()) {
                                    case Write.Writable() -> true;
                                    case Write.Refused refused ->
                                            refused.proof() == Errno.Proof.NOT_READ_ONLY;
                                    case Write.Absent _, Write.Inconclusive _ -> false;
                                })
                        .toList();
        if (!writes.isEmpty()) {
            return new NotReadOnly(writes);
        }
        List<Observation> refused =
                observations.stream().filter(o -> o.write().provesReadOnly()).toList();
        if (!refused.isEmpty()) {
            return new ReadOnly(refused);
        }
        return new Nothing(
                observations.isEmpty()
                        ? reasonIfEmpty
                        : observations.stream()
                                .map(o -> FindingText.noProofReason(o))
                                .distinct()
                                .limit(3)
                                .reduce((a, b) -> a + "; " + b)
                                .orElse(reasonIfEmpty));
    }
}
