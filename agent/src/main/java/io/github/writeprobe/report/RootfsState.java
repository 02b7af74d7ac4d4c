package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;

/// The observed state of a container's root filesystem.
public enum RootfsState {
    DRIFTED("DRIFTED"),
    READ_ONLY("read-only"),
    WRITABLE("writable"),
    /// Declared read-only, but neither proved nor disproved.
    NOT_PROVED("not proved");

    private final String label;

    RootfsState(String label) {
        this.label = label;
    }

    /// The word used in reports for people.
    public String label() {
        return label;
    }

    public static RootfsState of(ContainerReport c) {
        boolean drift =
                c.findings().stream()
                        .anyMatch(f -> f.kind() == FindingKind.DRIFT && f.path().equals("/"));
        if (drift) {
            return DRIFTED;
        }
        boolean proved =
                c.paths().stream()
                        .filter(p -> p.mountPoint().equals("/"))
                        .flatMap(p -> p.observations().stream())
                        .anyMatch(o -> o.write().provesReadOnly());
        if (proved) {
            return READ_ONLY;
        }
        return c.container().readonlyRootfs() ? NOT_PROVED : WRITABLE;
    }
}
