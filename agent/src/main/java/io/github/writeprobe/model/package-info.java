/// The values that everything else talks about: what is declared, what was found, and the report.
///
/// Does no I/O, reads no clock, logs nothing.
@NullMarked
package io.github.writeprobe.model;

import org.jspecify.annotations.NullMarked;
