/// One cycle over the containers of some engines: list, inspect, probe, judge, report.
///
/// This package declares what it needs of an engine, and [io.github.writeprobe.docker] implements
/// it.
@NullMarked
package io.github.writeprobe.cycle;

import org.jspecify.annotations.NullMarked;
