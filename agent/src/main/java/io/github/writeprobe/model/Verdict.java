package io.github.writeprobe.model;

/// What is known of a container as a whole.
public enum Verdict {
    /// There is an unwaived finding of medium severity or worse.
    VIOLATING("violating"),
    /// Nothing is wrong that could be seen, but not all that has to be read-only was proved to be.
    /// Never rounded up to compliant.
    UNVERIFIED("unverified"),
    /// Every mount that has to be read-only was proved to be so.
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
