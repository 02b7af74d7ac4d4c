/// What a container's processes write: watched as it happens, and read off what they have open.
///
/// Watching changes nothing in the container. Who writes is asked of the kernel, never of the
/// container itself.
@NullMarked
package io.github.writeprobe.probes.writes;

import org.jspecify.annotations.NullMarked;
