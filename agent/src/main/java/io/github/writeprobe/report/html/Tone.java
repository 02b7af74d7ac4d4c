package io.github.writeprobe.report.html;

import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.Verdict;

/// How something is to be taken. A symbol and a colour, neither of which ever stands alone.
public enum Tone {
    BAD("✗"),
    DOUBT("?"),
    /// Wrong, but waived, or of little weight.
    MILD("!"),
    GOOD("✓"),
    /// Nothing to judge.
    NONE("–");

    private final String symbol;

    Tone(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    static Tone of(Verdict verdict) {
        return switch (verdict) {
            case VIOLATING -> BAD;
            case UNVERIFIED -> DOUBT;
            case COMPLIANT -> GOOD;
        };
    }

    static Tone of(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH, MEDIUM -> BAD;
            case LOW -> MILD;
        };
    }

    /// Of a verdict's label, or `new` or `gone`.
    static Tone ofVerdict(String label) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.label().equals(label)) {
                return of(verdict);
            }
        }
        return NONE;
    }
}
