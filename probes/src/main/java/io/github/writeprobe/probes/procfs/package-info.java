/// The procfs witness: the kernel's own testimony, by system calls through `/proc/PID/root`.
///
/// It opens what it probes and never names it: an unnamed inode (`O_TMPFILE`) has no directory
/// entry, changes no directory, and is gone with the thread that had it open, however that ends.
@NullMarked
package io.github.writeprobe.probes.procfs;

import org.jspecify.annotations.NullMarked;
