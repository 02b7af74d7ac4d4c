package io.github.writeprobe.judge;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.WitnessName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The findings `executable`, about paths where files can be written and run.
final class ExecutableFindings {
    private final JudgingInput judged;

    ExecutableFindings(JudgingInput judged) {
        this.judged = judged;
    }

    Stream<Finding> findings() {
        return Stream.concat(
                judged.paths().stream().flatMap(p -> noexecViolation(p).stream()),
                judged.mounts().stream().flatMap(m -> executableDev(m).stream()));
    }

    private Optional<Finding> noexecViolation(PathReport path) {
        if (!path.expectation().noexec()) {
            return Optional.empty();
        }
        return path.observations().stream()
                .filter(o -> o.identity() == ProbeIdentity.SERVICE)
                .filter(o -> o.execute() instanceof FileExecutionResult.Ran)
                .findFirst()
                .map(o ->
                        new Finding(
                                FindingKind.EXECUTABLE,
                                Severity.MEDIUM,
                                path.path(),
                                PathObservationText.identity(o)
                                        + " can write a file to "
                                        + path.path()
                                        + " and run it, which the policy forbids",
                                Remedies.of(judged.container()).noexec(),
                                List.of(
                                        PathObservationText.evidence(o)
                                                + (o.witness() == WitnessName.PROCFS
                                                        ? ", and is allowed to run it"
                                                        : ", and ran it"),
                                        "policy: noexec (" + judged.rule().name() + ")"),
                                Optional.empty()));
    }

    /// The engine mounts `/dev` without `noexec`, also in read-only containers. No flag of the
    /// engine changes that.
    private Optional<Finding> executableDev(JudgedMount m) {
        if (m.kind() != MountKind.ENGINE || !m.mountPoint().equals("/dev")) {
            return Optional.empty();
        }
        return m.observations().stream()
                .filter(o -> o.execute() instanceof FileExecutionResult.Ran)
                .findFirst()
                .map(o ->
                        new Finding(
                                FindingKind.EXECUTABLE,
                                Severity.LOW,
                                "/dev",
                                PathObservationText.identity(o)
                                        + " can write a file to the engine-made /dev and run it",
                                "Run the service as a user other than root: /dev belongs to root",
                                MountEvidenceText.of(judged, m),
                                Optional.empty()));
    }

    /// A sentence for each path with `noexec` in the policy for which that was neither proved nor
    /// disproved.
    ///
    /// A directory that the service may not write proves nothing about the directories below it. So
    /// only three things are a proof: `noexec` in the mount table, a read-only mount, or a written
    /// file that could not be run.
    List<String> unproved() {
        return judged.paths().stream()
                .filter(p -> p.expectation().noexec())
                .filter(p -> p.entry().filter(e -> e.options().contains("noexec")).isEmpty())
                .filter(p -> !isOnReadOnlyMount(p))
                .filter(p ->
                        p.observations().stream().noneMatch(ExecutableFindings::isExecutionTested))
                .map(p ->
                        p.path()
                                + " is not proved noexec: no probe wrote a file there and tried to"
                                + " run it")
                .toList();
    }

    private boolean isOnReadOnlyMount(PathReport path) {
        return judged.mounts().stream()
                .anyMatch(m ->
                        m.mountPoint().equals(path.mountPoint())
                                && m.proof() instanceof ProbedMountWritability.ReadOnly);
    }

    private static boolean isExecutionTested(PathObservation o) {
        return o.identity() == ProbeIdentity.SERVICE
                && switch (o.execute()) {
                    case FileExecutionResult.Ran _, FileExecutionResult.Refused _ -> true;
                    case FileExecutionResult.Untested _ -> false;
                };
    }
}
