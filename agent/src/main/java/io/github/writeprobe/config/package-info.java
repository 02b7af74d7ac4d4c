/// Reads the configuration file and says, for every mistake in it, where it is and what to write
/// instead.
@NullMarked
package io.github.writeprobe.config;

import org.jspecify.annotations.NullMarked;
