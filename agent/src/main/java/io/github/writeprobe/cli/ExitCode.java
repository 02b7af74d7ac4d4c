package io.github.writeprobe.cli;

import io.github.writeprobe.model.Report;

/// The exit code of a run.
enum ExitCode {
    COMPLIANT(0),
    FINDINGS(1),
    USAGE(2),
    UNVERIFIED(3),
    /// 128 plus the number of SIGINT, as shells report it.
    INTERRUPTED(130);

    /// Texts for the help.
    static final String COMPLIANT_HELP =
            "0:no finding at or above --fail-on, and everything was verified";

    static final String FINDINGS_HELP = "1:findings at or above --fail-on";
    static final String USAGE_HELP = "2:wrong usage or configuration, or a file cannot be written";
    static final String UNVERIFIED_HELP =
            "3:no finding at or above --fail-on, but something could not be verified";

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
