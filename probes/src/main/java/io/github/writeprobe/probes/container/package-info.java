/// A container as the kernel sees it: its pinned first process; the namespaces that the process is
/// in, and whether the engine created them; the root directory and the mount table of its mount
/// namespace.
@NullMarked
package io.github.writeprobe.probes.container;

import org.jspecify.annotations.NullMarked;
