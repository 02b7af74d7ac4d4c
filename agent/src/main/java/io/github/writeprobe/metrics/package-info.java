/// The exported metrics: the report as series, and counters of the agent's own work.
@NullMarked
package io.github.writeprobe.metrics;

import org.jspecify.annotations.NullMarked;
