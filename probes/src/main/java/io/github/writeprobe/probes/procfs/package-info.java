/// The `procfs` witness: system calls through `/proc/PID/root`, whose results come from the kernel.
///
/// It creates files without a name: an unnamed inode (`O_TMPFILE`) has no directory entry, changes
/// no directory, and disappears when its descriptor is closed, even if the process is killed.
@NullMarked
package io.github.writeprobe.probes.procfs;

import org.jspecify.annotations.NullMarked;
