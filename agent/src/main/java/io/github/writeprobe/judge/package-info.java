/// Compares what witnesses observed with what is declared and what policy wants, and says what it
/// means.
///
/// Does no I/O, reads no clock, logs nothing: the same input gives the same verdict, always.
@NullMarked
package io.github.writeprobe.judge;

import org.jspecify.annotations.NullMarked;
