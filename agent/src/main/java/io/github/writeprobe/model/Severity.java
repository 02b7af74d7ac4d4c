package io.github.writeprobe.model;

/// The severity of a finding, the worst first.
public enum Severity {
    CRITICAL("critical"),
    HIGH("high"),
    MEDIUM("medium"),
    LOW("low");

    private final String label;

    Severity(String label) {
        this.label = label;
    }

    /// The word used in reports, in configuration and as a metric label.
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }

    /// Whether this is as bad as `threshold`, or worse.
    public boolean isAtLeast(Severity threshold) {
        return compareTo(threshold) <= 0;
    }
}
