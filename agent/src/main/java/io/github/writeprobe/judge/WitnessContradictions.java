package io.github.writeprobe.judge;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Findings about containers in which a witness reported a result that the kernel disproves.
///
/// A mount is read-only for every process, so any two observations about that can be compared.
/// Permissions depend on the identity, its groups and its capabilities, and an exec does not always
/// have those of the container's first process. So permissions are compared for root only, and not
/// in these two cases: a security module may refuse the container what the kernel allows the agent;
/// or the kernel refuses root, since an exec may have capabilities that the container's first
/// process gave up.
final class WitnessContradictions {
    private static final int MAX_EVIDENCE = 6;

    private final JudgingInput judged;

    WitnessContradictions(JudgingInput judged) {
        this.judged = judged;
    }

    /// Two observations that cannot both be true.
    private record Conflict(PathObservation claimed, PathObservation kernel) {}

    Stream<Finding> findings() {
        return judged.mounts().stream().flatMap(m -> contradiction(m).stream());
    }

    private Optional<Finding> contradiction(JudgedMount m) {
        Map<String, List<PathObservation>> kernelByPath =
                m.observations().stream()
                        .filter(o -> o.witness() == WitnessName.PROCFS)
                        .collect(Collectors.groupingBy(PathObservation::path));
        List<Conflict> conflicts = new ArrayList<>();
        for (PathObservation claimed : m.observations()) {
            if (claimed.witness() != WitnessName.PROCFS) {
                kernelByPath.getOrDefault(claimed.path(), List.of()).stream()
                        .filter(k -> isConflict(claimed, k))
                        .findFirst()
                        .ifPresent(k -> conflicts.add(new Conflict(claimed, k)));
            }
        }
        return conflicts.isEmpty() ? Optional.empty() : Optional.of(finding(m, conflicts));
    }

    private boolean isConflict(PathObservation claimed, PathObservation kernel) {
        Errno.Proof one = proof(claimed.write());
        Errno.Proof other = proof(kernel.write());
        if (one != Errno.Proof.NOTHING && other != Errno.Proof.NOTHING) {
            return one != other;
        }
        return areBothRoot(claimed, kernel)
                && switch (claimed.write()) {
                    case WriteResult.Writable() -> kernel.write() instanceof WriteResult.Absent;
                    case WriteResult.Refused _ ->
                            isPermissionDenied(claimed.write())
                                    && kernel.write() instanceof WriteResult.Writable
                                    && !isConfined();
                    case WriteResult.Absent() -> kernel.write() instanceof WriteResult.Writable;
                    case WriteResult.Inconclusive _ -> false;
                };
    }

    private static Errno.Proof proof(WriteResult write) {
        return switch (write) {
            case WriteResult.Writable() -> Errno.Proof.NOT_READ_ONLY;
            case WriteResult.Refused refused -> refused.proof();
            case WriteResult.Absent _, WriteResult.Inconclusive _ -> Errno.Proof.NOTHING;
        };
    }

    private static boolean isPermissionDenied(WriteResult write) {
        return write instanceof WriteResult.Refused r && r.errno().isPermission();
    }

    /// An exec as uid 0 may do all that root in the container may, even if it ran as the service.
    private static boolean areBothRoot(PathObservation claimed, PathObservation kernel) {
        return claimed.uid().orElse(-1) == 0
                && claimed.uid().equals(kernel.uid())
                && kernel.identity() == ProbeIdentity.ROOT;
    }

    /// Whether a security module may refuse writes. Docker's own AppArmor profile forbids none of
    /// the probed paths; any other profile may.
    private boolean isConfined() {
        return judged.results().stream()
                .map(t -> t.facts().confinement())
                .anyMatch(l ->
                        !l.isEmpty()
                                && !l.startsWith("unconfined")
                                && !l.startsWith("docker-default"));
    }

    private Finding finding(JudgedMount m, List<Conflict> conflicts) {
        Conflict first = conflicts.getFirst();
        List<String> paths = conflicts.stream().map(c -> c.claimed().path()).distinct().toList();
        return new Finding(
                FindingKind.CONTRADICTION,
                Severity.CRITICAL,
                m.mountPoint(),
                "The container contradicts the kernel about "
                        + PathObservationText.list(paths)
                        + ": "
                        + PathObservationText.claim(first.claimed())
                        + ", but the kernel "
                        + PathObservationText.kernelAnswer(first.kernel()),
                "Do not trust the programs in the container. Compare its sh with the one in the"
                        + " image, keep the container for forensics, and replace it",
                conflicts.stream()
                        .flatMap(c ->
                                Stream.of(
                                        PathObservationText.evidence(c.claimed()),
                                        PathObservationText.evidence(c.kernel())))
                        .distinct()
                        .limit(MAX_EVIDENCE)
                        .toList(),
                Optional.empty());
    }
}
