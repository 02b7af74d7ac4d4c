package io.github.writeprobe.report;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;

/// What a container's root filesystem is in fact, and not as declared.
public enum RootfsState {
    DRIFTED("DRIFTED"),
    READ_ONLY("read-only"),
    WRITABLE("writable"),
    /// Declared read-only, and nobody could prove it.
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
