/// The command line: what a user typed, made into calls, and what came of it, made into an exit
/// code.
@NullMarked
package io.github.writeprobe.cli;

import org.jspecify.annotations.NullMarked;
