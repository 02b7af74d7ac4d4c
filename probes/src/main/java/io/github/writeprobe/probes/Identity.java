package io.github.writeprobe.probes;

/// Who tries to write.
public enum Identity {
    /// The user that the container is declared to run as. A service that starts as root and steps
    /// down, as many entry points do, is still root to the engine, and to exec.
    SERVICE("service"),
    /// Uid 0 of the container, with the capabilities that the container has.
    ROOT("root");

    private final String label;

    Identity(String label) {
        this.label = label;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }
}
