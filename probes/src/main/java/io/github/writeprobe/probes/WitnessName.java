package io.github.writeprobe.probes;

/// A way to find out whether a path can be written.
public enum WitnessName {
    /// A shell script run in the container. Its result depends on the container's own shell.
    EXEC("exec"),
    /// System calls through `/proc/PID/root`. Its result comes from the kernel.
    PROCFS("procfs"),
    /// The script of `exec`, run by a helper container.
    SIDECAR("sidecar");

    private final String label;

    WitnessName(String label) {
        this.label = label;
    }

    /// The word used in reports, in configuration and as a metric label.
    public String label() {
        return label;
    }
}
