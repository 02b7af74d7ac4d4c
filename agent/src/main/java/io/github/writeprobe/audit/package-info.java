/// One cycle over the containers of some engines: list, inspect, probe, judge, report.
@NullMarked
package io.github.writeprobe.audit;

import org.jspecify.annotations.NullMarked;
