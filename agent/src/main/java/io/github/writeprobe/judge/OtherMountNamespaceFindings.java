package io.github.writeprobe.judge;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.OtherMountNamespace;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The findings about other views: mounts that a process of the container can write in a mount
/// namespace that it created, and that the first process cannot write.
final class OtherMountNamespaceFindings {
    private final JudgingInput judged;
    private final KernelFacts facts;

    OtherMountNamespaceFindings(JudgingInput judged) {
        this.judged = judged;
        this.facts = ProbeResult.factsOf(judged.results());
    }

    Stream<Finding> findings() {
        return facts.otherViews().stream()
                .flatMap(view -> view.mounts().stream().flatMap(m -> finding(view, m).stream()));
    }

    private Optional<Finding> finding(OtherMountNamespace view, OtherMountNamespace.Mount m) {
        Optional<JudgedMount> declared = declaredMount(m.entry());
        if (declared.isEmpty()) {
            return isEngineMade(m.entry()) ? Optional.empty() : Optional.of(undeclared(view, m));
        }
        return declared.filter(JudgedMount::isDeclaredReadOnly)
                .filter(_ -> isWritten(m))
                .map(d -> drift(view, m, d));
    }

    /// The first process may have lost what the engine mounted for both.
    private boolean isEngineMade(MountEntry other) {
        return EngineDefaultMounts.contains(other)
                && EngineDefaultMounts.isWritable(
                        other.mountPoint(), judged.container().readonlyRootfs());
    }

    /// A sentence for each mount that is neither a finding nor proved read-only.
    List<String> unproved() {
        List<String> unproved = new ArrayList<>();
        for (OtherMountNamespace view : facts.otherViews()) {
            for (OtherMountNamespace.Mount m : view.mounts()) {
                boolean declared =
                        declaredMount(m.entry())
                                .filter(JudgedMount::isDeclaredReadOnly)
                                .isPresent();
                if (declared && !isWritten(m)) {
                    unproved.add(
                            m.entry().mountPoint()
                                    + " is not proved read-only for "
                                    + process(view)
                                    + ": "
                                    + PathObservationText.noProofReason(m.observation()));
                }
            }
        }
        return unproved;
    }

    private static boolean isWritten(OtherMountNamespace.Mount m) {
        return ProbedMountWritability.of(List.of(m.observation()), true, "")
                instanceof ProbedMountWritability.NotReadOnly;
    }

    /// The mount of the first process that shows the same directory, or a directory above it.
    private Optional<JudgedMount> declaredMount(MountEntry other) {
        return judged.mounts().stream()
                .filter(m -> m.kind() != MountKind.UNDECLARED)
                .filter(m ->
                        m.entry()
                                .filter(e ->
                                        e.device().equals(other.device())
                                                && MountTable.isAtOrBelow(other.root(), e.root()))
                                .isPresent())
                .max((a, b) -> Integer.compare(depth(a), depth(b)));
    }

    private static int depth(JudgedMount m) {
        return m.entry().map(e -> e.root().length()).orElse(0);
    }

    private Finding drift(
            OtherMountNamespace view, OtherMountNamespace.Mount m, JudgedMount declared) {
        String what =
                declared.kind() == MountKind.ROOTFS
                        ? "The root filesystem"
                        : "The mount " + declared.mountPoint();
        return new Finding(
                FindingKind.DRIFT,
                Severity.CRITICAL,
                declared.mountPoint(),
                what
                        + " is declared read-only, but "
                        + process(view)
                        + " has it mounted writable in its own mount namespace: "
                        + PathObservationText.writes(List.of(m.observation())),
                "The process remounted it in its own mount namespace: find out what the process is,"
                        + " keep the container for forensics, and replace it",
                evidence(view, m),
                Optional.empty());
    }

    private static Finding undeclared(OtherMountNamespace view, OtherMountNamespace.Mount m) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                m.entry().mountPoint(),
                "A writable "
                        + m.entry().filesystem()
                        + " that the engine does not declare is mounted in a mount namespace that "
                        + process(view)
                        + " created",
                "Find out why the process makes its own mounts, and drop CAP_SYS_ADMIN if the"
                        + " container does not need it",
                evidence(view, m),
                Optional.empty());
    }

    private static List<String> evidence(OtherMountNamespace view, OtherMountNamespace.Mount m) {
        PathObservation seen = m.observation();
        return List.of(
                "process: " + view.pid() + " (" + view.command() + ")",
                PathObservationText.evidence(seen),
                "mount table: " + m.entry().line());
    }

    private static String process(OtherMountNamespace view) {
        return "process " + view.pid() + " (" + view.command() + ")";
    }
}
