/// Compares what witnesses observed with what is declared and what the policy requires. The results
/// are findings and a verdict.
///
/// Does no I/O, reads no clock and logs nothing: the same input always gives the same verdict.
@NullMarked
package io.github.writeprobe.judge;

import org.jspecify.annotations.NullMarked;
