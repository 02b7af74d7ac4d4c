package io.github.writeprobe.probes;

/// The identity that a probe writes as.
public enum ProbeIdentity {
    /// The user that the container is declared to run as. If a service starts as root and then
    /// switches to another user, as many entrypoints do, the engine and exec still see root.
    SERVICE("service"),
    /// Uid 0 of the container, with the capabilities that the container has.
    ROOT("root");

    private final String label;

    ProbeIdentity(String label) {
        this.label = label;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }
}
