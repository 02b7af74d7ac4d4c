package io.github.writeprobe.report.html;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.PathReport;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The paths that have their own column: those that at least half of the containers have.
///
/// Mounts that the engine makes in every container are shown only in the evidence, unless they have
/// a finding.
final class PathColumnSelection {
    private static final int MAX_COLUMNS = 24;

    private final List<String> paths;

    private PathColumnSelection(List<String> paths) {
        this.paths = paths;
    }

    static PathColumnSelection of(List<ContainerReport> containers) {
        Map<String, Long> counts =
                containers.stream()
                        .flatMap(c ->
                                c.paths().stream()
                                        .filter(p -> isShown(c, p))
                                        .map(PathReport::path)
                                        .distinct())
                        .collect(Collectors.groupingBy(p -> p, Collectors.counting()));
        return new PathColumnSelection(
                counts.entrySet().stream()
                        .filter(e -> e.getValue() * 2 >= containers.size())
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MAX_COLUMNS)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList());
    }

    List<String> paths() {
        return paths;
    }

    /// Whether the table shows a path at all.
    static boolean isShown(ContainerReport container, PathReport path) {
        return path.kind() != MountKind.ENGINE
                || container.activeFindings().stream().anyMatch(f -> f.path().equals(path.path()));
    }
}
