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
    private static final int MOST = 32;

    private final JudgedContainer scene;
    private final List<Mount> carriers;
    private final UnresolvedSymlinkMounts astray;

    UndeclaredFindings(JudgedContainer scene) {
        this.scene = scene;
        this.carriers =
                scene.mounts().stream()
                        .filter(c -> c.kind() == MountKind.BIND || c.kind() == MountKind.VOLUME)
                        .toList();
        this.astray =
                new UnresolvedSymlinkMounts(
                        scene, alone().filter(UndeclaredFindings::writable).toList());
    }

    Stream<Finding> all() {
        return Stream.concat(
                each(alone().filter(m -> writable(m) && !astray.explains(m)).toList()),
                carried().entrySet().stream()
                        .flatMap(e -> along(e.getKey(), e.getValue()).stream()));
    }

    private Stream<Finding> each(List<Mount> alone) {
        Stream<Finding> first = alone.stream().limit(MOST).map(this::alone);
        return alone.size() <= MOST
                ? first
                : Stream.concat(first, Stream.of(more(alone.subList(MOST, alone.size()))));
    }

    private Stream<Mount> alone() {
        return mounts().filter(m -> carrier(m).isEmpty());
    }

    private Stream<Mount> mounts() {
        return scene.mounts().stream().filter(m -> m.kind() == MountKind.UNDECLARED);
    }

    private static boolean writable(Mount m) {
        return switch (m.proof()) {
            case MountProof.NotReadOnly _ -> true;
            // A filesystem's server can answer EROFS today and not tomorrow; the mount is writable.
            case MountProof.ReadOnly _, MountProof.Nothing _ -> m.calledWritable();
        };
    }

    /// The declared mount below which this one lies.
    private Optional<Mount> carrier(Mount m) {
        return carriers.stream()
                .filter(c -> !c.mountPoint().equals(m.mountPoint()))
                .filter(c -> MountTable.isAtOrBelow(m.mountPoint(), c.mountPoint()))
                .findFirst();
    }

    private Map<Mount, List<Mount>> carried() {
        Map<Mount, List<Mount>> byCarrier = new LinkedHashMap<>();
        mounts().forEach(m ->
                carrier(m)
                        .ifPresent(
                                c -> byCarrier.computeIfAbsent(c, x -> new ArrayList<>()).add(m)));
        return byCarrier;
    }

    private Finding alone(Mount m) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                m.mountPoint(),
                "A writable "
                        + m.entry().map(MountEntry::filesystem).orElse("mount")
                        + " is mounted that the engine does not declare",
                "Find out who mounted it; a mount that belongs there is declared as a volume, bind or"
                        + " tmpfs",
                MountEvidence.of(scene, m),
                Optional.empty());
    }

    private Finding more(List<Mount> mounts) {
        return new Finding(
                FindingKind.UNDECLARED,
                Severity.MEDIUM,
                "/",
                "Besides, "
                        + mounts.size()
                        + " more writable mounts are there that the engine does not declare: "
                        + FindingWords.list(mounts.stream().map(Mount::mountPoint).toList()),
                "Find out who mounts so much, in the container or below a mount that it shares with"
                        + " the host",
                mounts.stream()
                        .flatMap(m -> m.entry().stream())
                        .limit(6)
                        .map(e -> "mount table: " + e.line())
                        .toList(),
                Optional.empty());
    }

    private Optional<Finding> along(Mount carrier, List<Mount> mounts) {
        List<String> writable =
                mounts.stream()
                        .filter(UndeclaredFindings::writable)
                        .map(Mount::mountPoint)
                        .toList();
        if (writable.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Finding(
                        FindingKind.UNDECLARED,
                        Severity.MEDIUM,
                        carrier.mountPoint(),
                        "With "
                                + carrier.mountPoint()
                                + " came mounts below it that are writable: "
                                + FindingWords.list(writable),
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
        Stream<String> alone =
                alone().filter(m -> !writable(m))
                        .flatMap(m ->
                                m.proof() instanceof MountProof.Nothing(String why)
                                        ? Stream.of(
                                                m.mountPoint() + " is not proved read-only: " + why)
                                        : Stream.of());
        Stream<String> along =
                carried().entrySet().stream()
                        .flatMap(e -> {
                            List<String> unsure =
                                    e.getValue().stream()
                                            .filter(m -> !writable(m))
                                            .filter(m -> m.proof() instanceof MountProof.Nothing)
                                            .map(Mount::mountPoint)
                                            .toList();
                            return unsure.isEmpty()
                                    ? Stream.of()
                                    : Stream.of(
                                            FindingWords.list(unsure)
                                                    + ", which came along with "
                                                    + e.getKey().mountPoint()
                                                    + ", is not written to and so not proved read-only");
                        });
        return Stream.of(astray.unproved(), alone, along).flatMap(s -> s).toList();
    }
}
