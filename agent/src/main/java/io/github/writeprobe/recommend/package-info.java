/// Makes a container read-only: observes what it writes, proposes what must stay writable, and
/// proves the proposal on a clone.
///
/// A proposal depends only on the observations and the known images. The interfaces to an engine
/// are declared here; [io.github.writeprobe.docker] implements them.
@NullMarked
package io.github.writeprobe.recommend;

import org.jspecify.annotations.NullMarked;
