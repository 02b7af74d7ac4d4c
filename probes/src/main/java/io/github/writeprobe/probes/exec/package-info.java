/// The `exec` witness: a shell script run in the container, and the reading of what it printed.
///
/// exec is the container's own testimony. It needs a shell, and a hostile container can make it
/// lie.
@NullMarked
package io.github.writeprobe.probes.exec;

import org.jspecify.annotations.NullMarked;
