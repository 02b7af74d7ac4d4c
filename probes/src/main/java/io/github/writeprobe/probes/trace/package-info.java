/// Who changes mounts: the mount calls of all processes of the host, as the kernel's tracefs
/// reports them.
@NullMarked
package io.github.writeprobe.probes.trace;

import org.jspecify.annotations.NullMarked;
