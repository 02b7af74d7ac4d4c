package io.github.writeprobe.probes;

/// A way to find out whether a path can be written.
public enum WitnessName {
    /// A shell script run in the container: the container's own testimony.
    EXEC("exec"),
    /// System calls through `/proc/PID/root`: the kernel's testimony.
    PROCFS("procfs"),
    /// The same script as exec's, run by a helper container beside it.
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
