package io.github.writeprobe.cli;

import io.github.writeprobe.text.TerminalStyle;
import java.io.Console;
import java.io.PrintStream;
import java.util.Map;

/// Whether standard output and standard error are terminals, and how to write to them.
///
/// `bin/writeprobe` checks this before the JVM starts, and passes it on in the environment. Without
/// that, the JDK's console is used, which is a terminal only if standard input is one too.
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

    // Error Prone assumes the console of JDK 22 to 24, which is never null. Since JDK 25 it is null
    // without a terminal.
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

    /// The same, for a window with this number of columns.
    TerminalStyle style(PrintStream out, int columns) {
        TerminalStyle initial = style(out);
        return new TerminalStyle(initial.colour(), initial.symbols(), columns);
    }

    /// Whether standard output can be redrawn.
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
