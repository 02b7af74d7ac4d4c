package io.github.writeprobe.model;

/// From where a container's mounts were changed.
public enum ChangeOrigin {
    HOST("host"),
    OWN_CONTAINER("own_container"),
    OTHER_CONTAINER("other_container"),
    /// Who changed them is not known, or several can have.
    UNKNOWN("unknown");

    private final String label;

    ChangeOrigin(String label) {
        this.label = label;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }
}
