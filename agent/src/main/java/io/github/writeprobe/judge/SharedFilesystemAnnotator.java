package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.PathReport;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names in the findings `unwritable` what else a fault of the filesystem affects: the mounts of
/// other containers on it. The kernel gives each mounted filesystem a device number of its own.
public final class SharedFilesystemAnnotator {
    private static final int MAX_NAMED = 10;

    private SharedFilesystemAnnotator() {}

    /// A filesystem of the host of an engine.
    private record Filesystem(String engine, String device) {
        static Optional<Filesystem> of(ContainerReport report, PathReport path) {
            return path.entry()
                    .map(MountEntry::device)
                    .map(device -> new Filesystem(report.container().engine(), device));
        }
    }

    /// A mount of a container.
    private record Use(Container container, String path) {
        String name() {
            return container.name() + ":" + path;
        }
    }

    /// The same reports, with this evidence in the findings that a filesystem causes.
    ///
    /// @param reports of all containers that are known
    public static List<ContainerReport> annotate(List<ContainerReport> reports) {
        if (reports.stream().noneMatch(r -> r.findings().stream().anyMatch(f -> isFault(f)))) {
            return reports;
        }
        Map<Filesystem, List<Use>> uses = uses(reports);
        return reports.stream()
                .map(report ->
                        report.findings().stream().anyMatch(SharedFilesystemAnnotator::isFault)
                                ? report.withFindings(
                                        report.findings().stream()
                                                .map(f -> annotate(report, f, uses))
                                                .toList())
                                : report)
                .toList();
    }

    private static boolean isFault(Finding finding) {
        return finding.kind() == FindingKind.UNWRITABLE
                && finding.severity().isAtLeast(Severity.MEDIUM);
    }

    private static Map<Filesystem, List<Use>> uses(List<ContainerReport> reports) {
        Map<Filesystem, List<Use>> uses = new HashMap<>();
        for (ContainerReport report : reports) {
            for (PathReport path : report.paths()) {
                if (isMountOfUser(path)) {
                    Filesystem.of(report, path)
                            .ifPresent(filesystem ->
                                    uses.computeIfAbsent(filesystem, f -> new ArrayList<>())
                                            .add(new Use(report.container(), path.path())));
                }
            }
        }
        return uses;
    }

    private static boolean isMountOfUser(PathReport path) {
        return path.path().equals(path.mountPoint())
                && switch (path.kind()) {
                    case TMPFS, VOLUME, BIND -> true;
                    case ROOTFS, ENGINE, UNDECLARED -> false;
                };
    }

    private static Finding annotate(
            ContainerReport report, Finding finding, Map<Filesystem, List<Use>> uses) {
        if (!isFault(finding)) {
            return finding;
        }
        List<String> others =
                report.paths().stream()
                        .filter(p -> p.path().equals(finding.path()))
                        .flatMap(p -> Filesystem.of(report, p).stream())
                        .flatMap(f -> uses.getOrDefault(f, List.of()).stream())
                        .filter(use -> !use.container().id().equals(report.container().id()))
                        .map(Use::name)
                        .sorted()
                        .toList();
        return others.isEmpty()
                ? finding
                : finding.withEvidence(
                        "on the same filesystem in other containers: "
                                + String.join(
                                        ", ", others.subList(0, Math.min(MAX_NAMED, others.size())))
                                + (others.size() > MAX_NAMED
                                        ? " and " + (others.size() - MAX_NAMED) + " more"
                                        : ""));
    }
}
