/// The command line: parses arguments, runs commands, and returns exit codes.
@NullMarked
package io.github.writeprobe.cli;

import org.jspecify.annotations.NullMarked;
