/// The `sidecar` witness: exec's script, run by a helper container in the PID namespace of the one
/// that is asked about, for images without a shell on engines that are not on this machine.
///
/// Its shell is the helper's, so the container's own programs have no say in it. But the helper is
/// within reach of the container's processes, and a hostile one that runs as the same user can make
/// it lie.
@NullMarked
package io.github.writeprobe.probes.sidecar;

import org.jspecify.annotations.NullMarked;
