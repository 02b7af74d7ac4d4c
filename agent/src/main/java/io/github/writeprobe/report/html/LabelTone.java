package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;

/// A rating, shown as a symbol and a colour. Both are always shown together with a word.
public enum LabelTone {
    BAD("✗"),
    DOUBT("?"),
    /// A waived finding, or one of low severity.
    MILD("!"),
    GOOD("✓"),
    /// Nothing to judge.
    NONE("–");

    private final String symbol;

    LabelTone(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    static LabelTone of(Verdict verdict) {
        return switch (verdict) {
            case VIOLATING -> BAD;
            case UNVERIFIED -> DOUBT;
            case COMPLIANT -> GOOD;
        };
    }

    static LabelTone of(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH, MEDIUM -> BAD;
            case LOW -> MILD;
        };
    }

    /// @param label a verdict's label, `new` or `gone`
    static LabelTone ofVerdict(String label) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.label().equals(label)) {
                return of(verdict);
            }
        }
        return NONE;
    }
}
