/// From a writable container to a read-only one: sees what it writes, proposes what to make
/// writable, and proves the proposal on a clone.
///
/// The proposal follows from what was observed and from the table of known images alone. What it
/// needs of an engine, it declares; [io.github.writeprobe.docker] provides it.
@NullMarked
package io.github.writeprobe.recommend;

import org.jspecify.annotations.NullMarked;
