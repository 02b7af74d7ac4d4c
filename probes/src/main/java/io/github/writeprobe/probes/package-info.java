/// How to find out whether a container can be written: the words for a probe and what it saw.
///
/// Knows the kernel and a shell. Knows no Docker, no policy, and depends on the JDK only.
@NullMarked
package io.github.writeprobe.probes;

import org.jspecify.annotations.NullMarked;
