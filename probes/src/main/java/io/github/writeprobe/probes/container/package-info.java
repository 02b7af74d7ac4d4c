/// A container as the kernel has it: its first process, held open; the namespaces that the process
/// lives in, and whether the engine made them; the root directory and the mount table of its mount
/// namespace.
@NullMarked
package io.github.writeprobe.probes.container;

import org.jspecify.annotations.NullMarked;
