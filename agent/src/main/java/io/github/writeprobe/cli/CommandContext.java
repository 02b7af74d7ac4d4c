package io.github.writeprobe.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/// What a command gets from the process that runs it.
///
/// @param environment the environment variables
/// @param out standard output, for short lines
/// @param err standard error
/// @param result standard output without a [PrintStream], which hides errors: a report that could
///   not be written must not count as success
record CommandContext(
        Map<String, String> environment, PrintStream out, PrintStream err, OutputStream result) {
    CommandContext {
        environment = Map.copyOf(environment);
    }

    static CommandContext ofProcess() {
        return new CommandContext(
                System.getenv(), System.out, System.err, new FileOutputStream(FileDescriptor.out));
    }

    Terminal terminal() {
        return new Terminal(environment);
    }

    /// A line of the program on standard error.
    void printError(String line) {
        err.println("writeprobe: " + line);
    }
}
