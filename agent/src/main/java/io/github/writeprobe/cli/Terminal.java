package io.github.writeprobe.cli;

import io.github.writeprobe.report.TerminalStyle;
import java.io.Console;
import java.io.PrintStream;
import java.util.Map;

/// What standard output and standard error lead to.
///
/// `bin/writeprobe` looks before the JVM starts and says so in the environment; without it the
/// JDK's console has to do, which calls it a terminal only where standard input is one too.
final class Terminal {
    private static final int DEFAULT_COLUMNS = 80;

    private final Map<String, String> environment;

    Terminal(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean outIsTerminal() {
        return isTerminal("WRITEPROBE_STDOUT_TTY");
    }

    boolean errIsTerminal() {
        return isTerminal("WRITEPROBE_STDERR_TTY");
    }

    // Error Prone expects the console of JDK 22 to 24, which is never null; since 25 it is, without
    // a terminal.
    @SuppressWarnings("SystemConsoleNull")
    private boolean isTerminal(String variable) {
        String value = environment.get(variable);
        if (value != null) {
            return value.equals("1");
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// How to write to standard output. https://no-color.org
    TerminalStyle style(PrintStream out) {
        return style(out, outIsTerminal());
    }

    /// The same, for a window of another width than when the program was started.
    TerminalStyle style(PrintStream out, int columns) {
        TerminalStyle initial = style(out);
        return new TerminalStyle(initial.colour(), initial.symbols(), columns);
    }

    /// Whether what stands on it can be drawn anew.
    boolean canRedraw() {
        return outIsTerminal() && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /// How to write to standard error.
    TerminalStyle errStyle(PrintStream err) {
        return style(err, errIsTerminal());
    }

    private TerminalStyle style(PrintStream out, boolean terminal) {
        boolean colour =
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        return new TerminalStyle(
                colour,
                TerminalStyle.canPrintSymbols(out),
                terminal ? columns() : TerminalStyle.PLAIN.columns());
    }

    private int columns() {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (NumberFormatException unknown) {
            return DEFAULT_COLUMNS;
        }
    }
}
