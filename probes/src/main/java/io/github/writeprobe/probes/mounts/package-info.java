/// The mount table: what the kernel says is mounted in a container, as read from its `mountinfo`.
@NullMarked
package io.github.writeprobe.probes.mounts;

import org.jspecify.annotations.NullMarked;
