package io.github.writeprobe.monitor;

/// What made the follower look at a container.
public enum Trigger {
    /// An event said that it was started or unpaused.
    START("start"),
    /// The kernel said that its mount table changed.
    MOUNT("mount"),
    /// A pass came to it.
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
