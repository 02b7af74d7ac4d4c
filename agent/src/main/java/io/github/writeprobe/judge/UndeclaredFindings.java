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

/// The findings about mounts that no inspect lists.
///
/// Those that came along below a declared bind or volume, since binds are recursive, are one
/// finding for each that brought them. They belong to the host, or to other containers, so they are
/// not written to, and the mount table's word has to do.
final class UndeclaredFindings {
    /// A container may have, or print, thousands; who looks into the first ones finds the others.
    private static final int MAX_FINDINGS = 32;

    private final JudgedContainer judged;
    private final List<Mount> parents;
    private final UnresolvedSymlinkMounts unresolvedMounts;

    UndeclaredFindings(JudgedContainer judged) {
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

    private Stream<Finding> standaloneFindings(List<Mount> standalone) {
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

    private Stream<Mount> standaloneMounts() {
        return undeclaredMounts().filter(m -> parent(m).isEmpty());
    }

    private Stream<Mount> undeclaredMounts() {
        return judged.mounts().stream().filter(m -> m.kind() == MountKind.UNDECLARED);
    }

    private static boolean isWritable(Mount m) {
        return switch (m.proof()) {
            case MountProof.NotReadOnly _ -> true;
            // A filesystem's server can answer EROFS today and not tomorrow; the mount is writable.
            case MountProof.ReadOnly _, MountProof.Nothing _ -> m.isWritableInTable();
        };
    }

    /// The declared mount below which this one lies.
    private Optional<Mount> parent(Mount m) {
        return parents.stream()
                .filter(c -> !c.mountPoint().equals(m.mountPoint()))
                .filter(c -> MountTable.isAtOrBelow(m.mountPoint(), c.mountPoint()))
                .findFirst();
    }

    private Map<Mount, List<Mount>> submountsByParent() {
        Map<Mount, List<Mount>> byParent = new LinkedHashMap<>();
        undeclaredMounts()
                .forEach(m ->
                        parent(m)
                                .ifPresent(c ->
                                        byParent.computeIfAbsent(c, x -> new ArrayList<>())
                                                .add(m)));
        return byParent;
    }

    private Finding undeclaredFinding(Mount m) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                m.mountPoint(),
                "A writable "
                        + m.entry().map(MountEntry::filesystem).orElse("mount")
                        + " is mounted that the engine does not declare",
                "Find out who mounted it; a mount that belongs there is declared as a volume, bind or"
                        + " tmpfs",
                MountEvidence.of(judged, m),
                Optional.empty());
    }

    private Finding remainderFinding(List<Mount> mounts) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                "/",
                "Besides, "
                        + mounts.size()
                        + " more writable mounts are there that the engine does not declare: "
                        + FindingText.list(mounts.stream().map(Mount::mountPoint).toList()),
                "Find out who mounts so much, in the container or below a mount that it shares with"
                        + " the host",
                mounts.stream()
                        .flatMap(m -> m.entry().stream())
                        .limit(6)
                        .map(e -> "mount table: " + e.line())
                        .toList(),
                Optional.empty());
    }

    private Optional<Finding> submountFinding(Mount parent, List<Mount> mounts) {
        List<String> writable =
                mounts.stream()
                        .filter(UndeclaredFindings::isWritable)
                        .map(Mount::mountPoint)
                        .toList();
        if (writable.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        FindingKind.UNDECLARED,
                        Severity.MEDIUM,
                        parent.mountPoint(),
                        "With "
                                + parent.mountPoint()
                                + " came mounts below it that are writable: "
                                + FindingText.list(writable),
                        "Mount only the directories that the service needs; :ro covers what lies below only"
                                + " on engines that make it recursive",
                        mounts.stream()
                                .flatMap(m -> m.entry().stream())
                                .limit(6)
                                .map(e -> "mount table: " + e.line())
                                .toList(),
                        Optional.empty()));
    }

    /// What is neither a finding nor proved read-only, a sentence each.
    List<String> unproved() {
        Stream<String> standalone =
                standaloneMounts()
                        .filter(m -> !isWritable(m))
                        .flatMap(m ->
                                m.proof() instanceof MountProof.Nothing(String why)
                                        ? Stream.of(
                                                m.mountPoint() + " is not proved read-only: " + why)
                                        : Stream.of());
        Stream<String> submounts =
                submountsByParent().entrySet().stream()
                        .flatMap(e -> {
                            List<String> unprovedMounts =
                                    e.getValue().stream()
                                            .filter(m -> !isWritable(m))
                                            .filter(m -> m.proof() instanceof MountProof.Nothing)
                                            .map(Mount::mountPoint)
                                            .toList();
                            return unprovedMounts.isEmpty()
                                    ? Stream.of()
                                    : Stream.of(
                                            FindingText.list(unprovedMounts)
                                                    + ", which came along with "
                                                    + e.getKey().mountPoint()
                                                    + ", is not written to and so not proved read-only");
                        });
        return Stream.of(unresolvedMounts.unproved(), standalone, submounts)
                .flatMap(s -> s)
                .toList();
    }
}
