/// The composition root: connects engines, witnesses, policy and reports.
@NullMarked
package io.github.writeprobe.agent;

import org.jspecify.annotations.NullMarked;
