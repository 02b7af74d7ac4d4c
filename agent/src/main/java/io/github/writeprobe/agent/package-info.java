/// The composition root: puts engines, witnesses, policy and reports together.
@NullMarked
package io.github.writeprobe.agent;

import org.jspecify.annotations.NullMarked;
