package io.github.writeprobe.model;

import java.util.List;

/// The kinds of findings.
public enum FindingKind {
    DRIFT(
            "drift",
            "Declared read-only, but a write succeeded.",
            List.of("CIS Docker Benchmark 5.13", "MITRE ATT&CK T1611")),
    CONTRADICTION(
            "contradiction",
            "The container's shell reported a result that the kernel disproves.",
            List.of("MITRE ATT&CK T1554")),
    EXPOSED(
            "exposed",
            "Writable as declared, but the policy requires read-only.",
            List.of("CIS Docker Benchmark 5.13")),
    BYPASSABLE(
            "bypassable",
            "The root filesystem is read-only, but the container has a privilege to undo that.",
            List.of("CIS Docker Benchmark 5.5")),
    UNDECLARED(
            "undeclared",
            "The container has a writable mount that the engine does not declare.",
            List.of("MITRE ATT&CK T1611")),
    EXECUTABLE("executable", "A file can be written here and run.", List.of("MITRE ATT&CK T1105")),
    UNWRITABLE("unwritable", "Declared writable, but writes are refused.", List.of()),
    EXPIRED_WAIVER(
            "expired-waiver",
            "A waiver of this container has expired and no longer applies.",
            List.of());

    private final String label;
    private final String meaning;
    private final List<String> references;

    FindingKind(String label, String meaning, List<String> references) {
        this.label = label;
        this.meaning = meaning;
        this.references = references;
    }

    /// The word used in reports, in configuration and as a metric label.
    public String label() {
        return label;
    }

    /// The kind in one sentence.
    public String meaning() {
        return meaning;
    }

    /// Published texts that describe the kind in general.
    public List<String> references() {
        return references;
    }
}
