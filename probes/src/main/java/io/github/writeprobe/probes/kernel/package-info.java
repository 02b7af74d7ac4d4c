/// Direct access to the kernel: its system calls, and what procfs reports about a process.
///
/// Every call is documented in section 2 of the manual. It returns what the kernel returns: a
/// result, or a negative errno. This package does not know what the calls are used for.
@NullMarked
package io.github.writeprobe.probes.kernel;

import org.jspecify.annotations.NullMarked;
