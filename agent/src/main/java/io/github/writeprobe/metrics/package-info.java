/// What Prometheus is told: the report as series, and what the agent counts of its own work.
@NullMarked
package io.github.writeprobe.metrics;

import org.jspecify.annotations.NullMarked;
