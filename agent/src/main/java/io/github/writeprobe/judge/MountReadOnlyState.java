package io.github.writeprobe.judge;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import java.util.List;

/// What the observations on one mount prove about it together.
///
/// If the `procfs` witness has a conclusive observation, no other witness counts. If the kernel was
/// probed, no other witness's refusal proves a mount read-only.
sealed interface MountReadOnlyState {
    /// A write succeeded, or failed only for lack of space.
    record NotReadOnly(List<Observation> observations) implements MountReadOnlyState {}

    /// A write was refused with EROFS, and no write succeeded.
    record ReadOnly(List<Observation> observations) implements MountReadOnlyState {}

    /// Neither was observed.
    ///
    /// @param reason a clause for people
    record Nothing(String reason) implements MountReadOnlyState {}

    /// @param kernelAsked whether the `procfs` witness can probe the container
    /// @param reasonIfEmpty the reason that is reported if there is no observation
    static MountReadOnlyState of(
            List<Observation> observations, boolean kernelAsked, String reasonIfEmpty) {
        List<Observation> kernelObservations =
                observations.stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS && isConclusive(o))
                        .toList();
        if (!kernelObservations.isEmpty()) {
            return fromAll(kernelObservations, reasonIfEmpty);
        }
        MountReadOnlyState proof = fromAll(observations, reasonIfEmpty);
        return kernelAsked && proof instanceof ReadOnly
                ? new Nothing("the kernel was probed, but the result is inconclusive")
                : proof;
    }

    private static boolean isConclusive(Observation o) {
        return switch (o.write()) {
            case Write.Writable() -> true;
            case Write.Refused refused -> refused.proof() != Errno.Proof.NOTHING;
            case Write.Absent _, Write.Inconclusive _ -> false;
        };
    }

    private static MountReadOnlyState fromAll(
            List<Observation> observations, String reasonIfEmpty) {
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
