/// Observes what a container writes, and says what the observation may have missed.
@NullMarked
package io.github.writeprobe.recommend.observe;

import org.jspecify.annotations.NullMarked;
