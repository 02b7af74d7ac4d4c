package io.github.writeprobe.cli;

import java.util.List;

/// An error that the user can fix: an exit code, and lines that say how.
final class UserError extends Exception {
    private static final long serialVersionUID = 1;

    private final ExitCode code;
    private final transient List<String> lines;

    UserError(ExitCode code, String line) {
        this(code, List.of(line));
    }

    UserError(ExitCode code, List<String> lines) {
        super(String.join("\n", lines));
        this.code = code;
        this.lines = List.copyOf(lines);
    }

    ExitCode code() {
        return code;
    }

    List<String> lines() {
        return lines;
    }
}
