package io.github.writeprobe.cli;

import io.github.writeprobe.model.Report;

/// What a run tells the program that called it.
enum ExitCode {
    COMPLIANT(0),
    FINDINGS(1),
    USAGE(2),
    UNVERIFIED(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(Report.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> COMPLIANT;
            case FAILED -> FINDINGS;
            case UNVERIFIED -> UNVERIFIED;
        };
    }
}
