/// What a container's processes write: reported by fanotify, and read from their open files.
///
/// Watching changes nothing in the container. All information comes from the kernel, never from the
/// container itself.
@NullMarked
package io.github.writeprobe.probes.writes;

import org.jspecify.annotations.NullMarked;
