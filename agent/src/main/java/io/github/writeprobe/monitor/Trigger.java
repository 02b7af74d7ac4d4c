package io.github.writeprobe.monitor;

/// What caused a probe.
public enum Trigger {
    /// An event reported that the container was started or unpaused.
    START("start"),
    /// The kernel reported a change of its mount table.
    MOUNT("mount"),
    /// It was probed in a cycle.
    POLL("poll");

    private final String label;

    Trigger(String label) {
        this.label = label;
    }

    /// The word used as a metric label.
    public String label() {
        return label;
    }
}
