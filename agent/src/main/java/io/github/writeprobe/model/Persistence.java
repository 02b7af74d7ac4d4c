package io.github.writeprobe.model;

/// Where a write goes, and so how long it lives and who else sees it.
public enum Persistence {
    /// A tmpfs: gone when the container stops.
    MEMORY("memory"),
    /// The container's own writable layer: gone when the container is removed.
    CONTAINER("container"),
    /// A volume of this container alone: outlives it.
    VOLUME("volume"),
    /// A directory or file of the host.
    HOST("host"),
    /// A volume or host directory that other containers mount too.
    SHARED("shared"),
    /// A mount of which the engine says nothing.
    UNKNOWN("unknown");

    private final String label;

    Persistence(String label) {
        this.label = label;
    }

    /// The word used in reports and as a metric label.
    public String label() {
        return label;
    }
}
