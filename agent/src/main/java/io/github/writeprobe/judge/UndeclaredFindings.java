package io.github.writeprobe.judge;

import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The findings about mounts that the engine does not declare.
///
/// Binds are recursive, so a declared bind or volume can bring mounts below it into the container.
/// All of these below one bind or volume are one finding. They belong to the host or to other
/// containers, so they are not probed, and only the mount table counts.
final class UndeclaredFindings {
    /// A container may have, or print, thousands of mounts. All others are one more finding.
    private static final int MAX_FINDINGS = 32;

    private final JudgingInput judged;
    private final List<JudgedMount> parents;
    private final UnresolvedSymlinkMounts unresolvedMounts;

    UndeclaredFindings(JudgingInput judged) {
        this.judged = judged;
        this.parents =
                judged.mounts().stream()
                        .filter(c -> c.kind() == MountKind.BIND || c.kind() == MountKind.VOLUME)
                        .toList();
        this.unresolvedMounts =
                new UnresolvedSymlinkMounts(
                        judged, standaloneMounts().filter(UndeclaredFindings::isWritable).toList());
    }

    Stream<Finding> findings() {
        return Stream.concat(
                standaloneFindings(
                        standaloneMounts()
                                .filter(m -> isWritable(m) && !unresolvedMounts.mayBeDeclared(m))
                                .toList()),
                submountsByParent().entrySet().stream()
                        .flatMap(e -> submountFinding(e.getKey(), e.getValue()).stream()));
    }

    private Stream<Finding> standaloneFindings(List<JudgedMount> standalone) {
        Stream<Finding> first =
                standalone.stream().limit(MAX_FINDINGS).map(this::undeclaredFinding);
        return standalone.size() <= MAX_FINDINGS
                ? first
                : Stream.concat(
                        first,
                        Stream.of(
                                remainderFinding(
                                        standalone.subList(MAX_FINDINGS, standalone.size()))));
    }

    private Stream<JudgedMount> standaloneMounts() {
        return undeclaredMounts().filter(m -> parent(m).isEmpty());
    }

    private Stream<JudgedMount> undeclaredMounts() {
        return judged.mounts().stream().filter(m -> m.kind() == MountKind.UNDECLARED);
    }

    private static boolean isWritable(JudgedMount m) {
        return switch (m.proof()) {
            case ProbedMountWritability.NotReadOnly _ -> true;
            // The mount is writable. A refusal may come from the filesystem's server, which can
            // change its answer at any time.
            case ProbedMountWritability.ReadOnly _, ProbedMountWritability.Nothing _ ->
                    m.isWritableInTable();
        };
    }

    /// The declared bind or volume that this mount is below.
    private Optional<JudgedMount> parent(JudgedMount m) {
        return parents.stream()
                .filter(c -> !c.mountPoint().equals(m.mountPoint()))
                .filter(c -> MountTable.isAtOrBelow(m.mountPoint(), c.mountPoint()))
                .findFirst();
    }

    private Map<JudgedMount, List<JudgedMount>> submountsByParent() {
        Map<JudgedMount, List<JudgedMount>> byParent = new LinkedHashMap<>();
        undeclaredMounts()
                .forEach(m ->
                        parent(m)
                                .ifPresent(c ->
                                        byParent.computeIfAbsent(c, x -> new ArrayList<>())
                                                .add(m)));
        return byParent;
    }

    private Finding undeclaredFinding(JudgedMount m) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                m.mountPoint(),
                "A writable "
                        + m.entry().map(MountEntry::filesystem).orElse("mount")
                        + " is mounted, but the engine does not declare it",
                "Find out what mounted it. If the mount belongs there, declare it as a volume, bind"
                        + " or tmpfs; if not, replace the container",
                MountEvidenceText.of(judged, m),
                Optional.empty());
    }

    private Finding remainderFinding(List<JudgedMount> mounts) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                "/",
                "The engine does not declare "
                        + mounts.size()
                        + " more writable mounts: "
                        + PathObservationText.list(
                                mounts.stream().map(JudgedMount::mountPoint).toList()),
                "Find out what makes so many mounts, in the container or below a mount that it"
                        + " shares with the host",
                mounts.stream()
                        .flatMap(m -> m.entry().stream())
                        .limit(6)
                        .map(e -> "mount table: " + e.line())
                        .toList(),
                Optional.empty());
    }

    private Optional<Finding> submountFinding(JudgedMount parent, List<JudgedMount> mounts) {
        List<String> writable =
                mounts.stream()
                        .filter(UndeclaredFindings::isWritable)
                        .map(JudgedMount::mountPoint)
                        .toList();
        if (writable.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        FindingKind.UNDECLARED,
                        Severity.MEDIUM,
                        parent.mountPoint(),
                        "The mount "
                                + parent.mountPoint()
                                + " has writable mounts below it: "
                                + PathObservationText.list(writable),
                        Remedies.of(judged.container()).onlyNeededDirectories(),
                        mounts.stream()
                                .flatMap(m -> m.entry().stream())
                                .limit(6)
                                .map(e -> "mount table: " + e.line())
                                .toList(),
                        Optional.empty()));
    }

    /// A sentence for each mount that is neither a finding nor proved read-only.
    List<String> unproved() {
        Stream<String> standalone =
                standaloneMounts()
                        .filter(m -> !isWritable(m))
                        .flatMap(m ->
                                m.proof() instanceof ProbedMountWritability.Nothing(String why)
                                        ? Stream.of(
                                                m.mountPoint() + " is not proved read-only: " + why)
                                        : Stream.of());
        Stream<String> submounts =
                submountsByParent().entrySet().stream()
                        .flatMap(e -> {
                            List<String> unprovedMounts =
                                    e.getValue().stream()
                                            .filter(m -> !isWritable(m))
                                            .filter(m ->
                                                    m.proof()
                                                            instanceof
                                                            ProbedMountWritability.Nothing)
                                            .map(JudgedMount::mountPoint)
                                            .toList();
                            return unprovedMounts.isEmpty()
                                    ? Stream.of()
                                    : Stream.of(
                                            "mounts below "
                                                    + e.getKey().mountPoint()
                                                    + " are not probed, and so not proved"
                                                    + " read-only: "
                                                    + PathObservationText.list(unprovedMounts));
                        });
        return Stream.of(unresolvedMounts.unproved(), standalone, submounts)
                .flatMap(s -> s)
                .toList();
    }
}
