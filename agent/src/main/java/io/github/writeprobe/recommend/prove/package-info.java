/// Proves a proposal on clones: starts them, exercises them, restarts them, and compares.
@NullMarked
package io.github.writeprobe.recommend.prove;

import org.jspecify.annotations.NullMarked;
