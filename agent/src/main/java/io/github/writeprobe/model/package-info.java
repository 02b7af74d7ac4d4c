/// The values that all other packages use: the declaration, the findings and the report.
///
/// Does no I/O, reads no clock and logs nothing.
@NullMarked
package io.github.writeprobe.model;

import org.jspecify.annotations.NullMarked;
