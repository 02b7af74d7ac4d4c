package io.github.writeprobe.metrics;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.PathReport;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The paths that have series of their own, `writeprobe_path_*`. Most paths of a container are as
/// they should be, and their series cost more than all others.
public enum PathSeriesScope {
    NONE("none"),
    /// The paths of findings, waived or not.
    FINDINGS("findings"),
    ALL("all");

    private final String label;

    PathSeriesScope(String label) {
        this.label = label;
    }

    /// The word used in the configuration.
    public String label() {
        return label;
    }

    Stream<PathReport> of(ContainerReport report) {
        return switch (this) {
            case NONE -> Stream.empty();
            case FINDINGS -> {
                Set<String> paths =
                        report.findings().stream().map(Finding::path).collect(Collectors.toSet());
                yield report.paths().stream().filter(p -> paths.contains(p.path()));
            }
            case ALL -> report.paths().stream();
        };
    }
}
