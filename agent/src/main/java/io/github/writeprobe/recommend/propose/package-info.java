/// Turns observations and known images into a proposal: which paths become tmpfs, which volumes,
/// and which writes a setting makes needless.
///
/// A proposal depends on nothing else: the same input gives the same proposal.
@NullMarked
package io.github.writeprobe.recommend.propose;

import org.jspecify.annotations.NullMarked;
