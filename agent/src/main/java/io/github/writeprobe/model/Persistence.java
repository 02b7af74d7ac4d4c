package io.github.writeprobe.model;

/// Where a write goes. This decides how long the data is kept, and which other containers see it.
public enum Persistence {
    /// A tmpfs: gone when the container stops.
    MEMORY("memory"),
    /// The container's own writable layer: gone when the container is removed.
    CONTAINER("container"),
    /// An emptyDir of a pod, on disk or in memory: gone when the pod is removed. The other
    /// containers of the pod may mount it too.
    POD("pod"),
    /// A volume of this container alone: outlives it.
    VOLUME("volume"),
    /// A directory or file of the host.
    HOST("host"),
    /// A volume or host directory that other containers mount too.
    SHARED("shared"),
    /// A mount that the engine does not declare.
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
