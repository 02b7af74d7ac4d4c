/// The `exec` witness: a shell script that runs in the container, and the parser of its output.
///
/// Its result depends on the container's own shell: it needs one, and a hostile container can
/// falsify the output.
@NullMarked
package io.github.writeprobe.probes.exec;

import org.jspecify.annotations.NullMarked;
