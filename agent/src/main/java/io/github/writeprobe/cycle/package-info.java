/// One pass over the containers of some engines: list, inspect, probe, judge, report.
///
/// Declares what it needs of an engine; [io.github.writeprobe.docker] provides it.
@NullMarked
package io.github.writeprobe.cycle;

import org.jspecify.annotations.NullMarked;
