/// The kernel, talked to directly: its system calls, a process that is held fast, and what procfs
/// says of it.
///
/// Every call is made as it is documented in section 2 of the manual, and answers as the kernel
/// does: with a result, or with a negative errno. Nothing here knows what a call is made for.
@NullMarked
package io.github.writeprobe.probes.kernel;

import org.jspecify.annotations.NullMarked;
