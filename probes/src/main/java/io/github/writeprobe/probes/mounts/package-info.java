/// The mount table: the mounts of a container as the kernel reports them in `mountinfo`.
@NullMarked
package io.github.writeprobe.probes.mounts;

import org.jspecify.annotations.NullMarked;
