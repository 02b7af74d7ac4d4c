package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.util.List;

/// What the observations on one mount prove about it together.
///
/// If the `procfs` witness has a conclusive observation, no other witness counts. If the kernel was
/// probed, no other witness's refusal proves a mount read-only.
sealed interface ProbedMountWritability {
    /// A write succeeded, or failed only for lack of space.
    record NotReadOnly(List<PathObservation> observations) implements ProbedMountWritability {}

    /// A write was refused with EROFS, and no write succeeded.
    record ReadOnly(List<PathObservation> observations) implements ProbedMountWritability {}

    /// Neither was observed.
    ///
    /// @param reason a clause for people
    record Nothing(String reason) implements ProbedMountWritability {}

    /// @param kernelAsked whether the `procfs` witness can probe the container
    /// @param reasonIfEmpty the reason that is reported if there is no observation
    static ProbedMountWritability of(
            List<PathObservation> observations, boolean kernelAsked, String reasonIfEmpty) {
        List<PathObservation> kernelObservations =
                observations.stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS && isConclusive(o))
                        .toList();
        if (!kernelObservations.isEmpty()) {
            return fromAll(kernelObservations, reasonIfEmpty);
        }
        ProbedMountWritability proof = fromAll(observations, reasonIfEmpty);
        return kernelAsked && proof instanceof ReadOnly
                ? new Nothing("the kernel was probed, but the result is inconclusive")
                : proof;
    }

    private static boolean isConclusive(PathObservation o) {
        return switch (o.write()) {
            case WriteResult.Writable() -> true;
            case WriteResult.Refused refused -> refused.proof() != Errno.Proof.NOTHING;
            case WriteResult.Absent _, WriteResult.Inconclusive _ -> false;
        };
    }

    private static ProbedMountWritability fromAll(
            List<PathObservation> observations, String reasonIfEmpty) {
        List<PathObservation> writes =
                observations.stream()
                        .filter(o ->
                                switch (o.write()) {
                                    case WriteResult.Writable() -> true;
                                    case WriteResult.Refused refused ->
                                            refused.proof() == Errno.Proof.NOT_READ_ONLY;
                                    case WriteResult.Absent _, WriteResult.Inconclusive _ -> false;
                                })
                        .toList();
        if (!writes.isEmpty()) {
            return new NotReadOnly(writes);
        }
        List<PathObservation> refused =
                observations.stream().filter(o -> o.write().provesReadOnly()).toList();
        if (!refused.isEmpty()) {
            return new ReadOnly(refused);
        }
        return new Nothing(
                observations.isEmpty()
                        ? reasonIfEmpty
                        : observations.stream()
                                .map(o -> PathObservationText.noProofReason(o))
                                .distinct()
                                .limit(3)
                                .reduce((a, b) -> a + "; " + b)
                                .orElse(reasonIfEmpty));
    }
}
