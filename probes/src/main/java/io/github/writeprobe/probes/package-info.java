/// How to find out whether a container can be written: the values for a probe and its results.
///
/// This module uses the kernel and a shell. It knows neither Docker nor a policy, and depends on
/// the JDK only.
@NullMarked
package io.github.writeprobe.probes;

import org.jspecify.annotations.NullMarked;
