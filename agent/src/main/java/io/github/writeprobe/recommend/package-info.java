/// Makes a container read-only: [io.github.writeprobe.recommend.observe] what it writes,
/// [io.github.writeprobe.recommend.propose] what must stay writable, and
/// [io.github.writeprobe.recommend.prove] the proposal on a clone.
///
/// `known` holds what is known of images, `format` renders proposals.
@NullMarked
package io.github.writeprobe.recommend;

import org.jspecify.annotations.NullMarked;
