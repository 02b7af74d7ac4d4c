/// Reads from the runtime's answers what is declared for a container.
@NullMarked
package io.github.writeprobe.cri.inspect;

import org.jspecify.annotations.NullMarked;
