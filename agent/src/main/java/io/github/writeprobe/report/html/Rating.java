package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;

/// A rating, shown as a symbol and a colour. Both are always shown together with a word.
public enum Rating {
    BAD("✗"),
    DOUBT("?"),
    /// A waived finding, or one of low severity.
    MILD("!"),
    GOOD("✓"),
    /// Nothing to judge.
    NONE("–");

    private final String symbol;

    Rating(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    static Rating of(Verdict verdict) {
        return switch (verdict) {
            case VIOLATING -> BAD;
            case UNVERIFIED -> DOUBT;
            case COMPLIANT -> GOOD;
        };
    }

    static Rating of(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH, MEDIUM -> BAD;
            case LOW -> MILD;
        };
    }

    /// @param label a verdict's label, `new` or `gone`
    static Rating ofVerdict(String label) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.label().equals(label)) {
                return of(verdict);
            }
        }
        return NONE;
    }
}
