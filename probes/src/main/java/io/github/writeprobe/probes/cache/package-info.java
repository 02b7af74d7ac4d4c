/// Maps of limited size. They depend on nothing else here, so every package may use them.
@NullMarked
package io.github.writeprobe.probes.cache;

import org.jspecify.annotations.NullMarked;
