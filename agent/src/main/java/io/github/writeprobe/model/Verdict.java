package io.github.writeprobe.model;

/// The result for a container as a whole.
public enum Verdict {
    /// There is an unwaived finding of medium severity or worse.
    VIOLATING("violating"),
    /// There is no such finding, but not everything that has to be read-only was proved to be
    /// read-only. It is never reported as compliant.
    UNVERIFIED("unverified"),
    /// Every mount that has to be read-only was proved to be read-only.
    COMPLIANT("compliant");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /// The word used in reports.
    public String label() {
        return label;
    }
}
